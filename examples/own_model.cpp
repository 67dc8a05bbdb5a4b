// A network of one's own, used by name in a study that this program runs in its own process.
//
// Prints: 2 of 2 trials done
#include <iostream>

#include <tandem/tandem.h>
#include <torch/nn/modules/conv.h>

/// One convolution and global average pooling.
class TinyNet : public tandem::Backbone {
 public:
  TinyNet(std::int64_t channels, std::int64_t width)
      : width_(width),
        conv_(register_module(
            "conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, width, 5).stride(2)))) {}

  torch::Tensor forward(const torch::Tensor& images) override {
    return conv_->forward(images).relu().mean({2, 3});
  }
  std::int64_t feature_width() const override { return width_; }

 private:
  std::int64_t width_;
  torch::nn::Conv2d conv_;
};

int main() {
  tandem::register_backbone(
      "tiny-net", {.make =
                       [](const tandem::ModelConfig& config, const tandem::ImageShape& shape) {
                         return std::make_shared<TinyNet>(shape.channels, config.width);
                       },
                   .default_width = 32});

  const auto table = tandem::ConfigTable::from_text(R"(
    seeds = [0]
    rates = [0.1]
    budgets = [50]
    [base]
    data = { name = "fashion-mnist", validation = 1000, train = 2000 }
    model.name = "tiny-net"
    train = { batch = 64, steps = 50, evaluations = 3 }
    [[cell]]
    target.content = "one-hot"
    [[cell]]
    target.content = "smoothed"
  )");
  tandem::StudyObserver silent;
  const tandem::StudyRecord study =
      tandem::run_study(tandem::plan_study(tandem::read_study_config(table)),
                        tandem::StudyFolder("tiny-study"), {}, silent);
  tandem::write_report(study, "tiny-study/report");
  std::cout << tandem::terminal_table(study);
  std::cout << study.trials.size() << " of " << study.planned.size() << " trials done\n";
}
