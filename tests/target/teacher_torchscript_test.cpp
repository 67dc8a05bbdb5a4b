// TorchScript modules that Python writes, and what Python says they answer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "run_reference.h"
#include "tandem/core/atomic_file.h"
#include "tandem/target/teacher_file.h"
#include "teacher_models.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr ImageShape kModuleImages{.channels = 3, .height = 12, .width = 10};

class TorchScript : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (std::getenv("TANDEM_SKIP_PYTHON") == nullptr) {
      folder_ = std::make_unique<TemporaryFolder>();
      outcome_ = run_reference("make_torchscript_teachers.py", folder_->path());
    }
  }
  static void TearDownTestSuite() { folder_.reset(); }

  void SetUp() override {
    if (folder_ == nullptr) {
      GTEST_SKIP() << "TANDEM_SKIP_PYTHON is set";
    }
    ASSERT_EQ(outcome_.status, 0) << outcome_.output;
  }

  static std::shared_ptr<Teacher> load(const std::string& module, std::int64_t image_size = 0,
                                       const ImageShape& shape = kModuleImages,
                                       std::int64_t classes = 10) {
    const auto path = folder_->path() / "teacher.toml";
    write_file_atomically(
        path, "torchscript = '" + module +
                  "'\nmean = [0.2, 0.4, 0.6]\nstddev = [0.5, 0.25, 1.0]\nimage_size = " +
                  std::to_string(image_size) + "\ntrained_on = 'somewhere'\n");
    return load_teacher(path, shape, classes);
  }

  static torch::Tensor expected(const std::string& name) {
    return read_safetensors(folder_->path() / "answers.safetensors").tensors.at(name);
  }

  static double difference(Teacher& teacher, Content content, const std::string& name) {
    const torch::Tensor answer = teacher.answer(expected("pixels"), content, 1);
    return (answer - expected(name)).abs().max().item<double>();
  }

  template <typename Act>
  static std::string failure_of(Act act) {
    try {
      act();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "nothing was refused";
  }

  static std::unique_ptr<TemporaryFolder> folder_;
  static Outcome outcome_;
};

std::unique_ptr<TemporaryFolder> TorchScript::folder_;
Outcome TorchScript::outcome_;

TEST_F(TorchScript, AnswersWithTheLogitsThatPythonComputes) {
  const auto teacher = load("logits.pt");
  EXPECT_EQ(teacher->class_count(), 10);
  EXPECT_EQ(teacher->trained_on(), "somewhere");
  EXPECT_THROW(teacher->width(Content::kFeatures), std::invalid_argument);
  EXPECT_LE(difference(*teacher, Content::kLogits, "logits"), 1e-5);
  EXPECT_GT(expected("logits").std(0).min().item<double>(), 0.01);
}

TEST_F(TorchScript, SavedOnAGpuIsReadOntoTheCpu) {
  EXPECT_LE(difference(*load("gpu.pt"), Content::kLogits, "logits"), 1e-5);
}

TEST_F(TorchScript, AnswersWithFeaturesToo) {
  const auto teacher = load("features.pt");
  EXPECT_EQ(teacher->width(Content::kFeatures), 70);
  EXPECT_LE(difference(*teacher, Content::kLogits, "logits"), 1e-5);
  EXPECT_LE(difference(*teacher, Content::kFeatures, "features"), 1e-5);
}

TEST_F(TorchScript, SeesImagesResizedAsPythonResizesThem) {
  const auto teacher = load("features.pt", 21);
  EXPECT_LE(difference(*teacher, Content::kLogits, "resized_logits"), 1e-5);
  EXPECT_LE(difference(*teacher, Content::kFeatures, "resized_features"), 1e-5);
  EXPECT_GT(difference(*teacher, Content::kFeatures, "features"), 1e-3);
}

TEST_F(TorchScript, AnswersTheSameBitsInEveryOrderAndAtEverySizeAndAgain) {
  const torch::Tensor pixels = expected("pixels");
  for (const std::int64_t image_size : {0, 21}) {
    const auto teacher = load("features.pt", image_size);
    const auto network = std::dynamic_pointer_cast<NetworkTeacher>(teacher);
    RecordProperty("chunk" + std::to_string(image_size), static_cast<int>(network->chunk_size()));
    for (const Content content : {Content::kLogits, Content::kFeatures}) {
      const torch::Tensor answers = teacher->answer(pixels, content, 1);
      for (const std::int64_t size : {1, 7, 64, 100}) {
        const std::vector<std::int64_t> order =
            permutation(100, {static_cast<std::uint64_t>(size), Stream::kOrder});
        const torch::Tensor rows =
            torch::tensor(order, torch::TensorOptions().dtype(torch::kInt64)).narrow(0, 0, size);
        EXPECT_TRUE(torch::equal(teacher->answer(pixels.index_select(0, rows), content, 1),
                                 answers.index_select(0, rows)))
            << text_of(content) << " of " << size;
      }
    }
  }
}

TEST_F(TorchScript, IsIdentifiedByItsBytesAndItsInput) {
  const Fingerprint original = load("logits.pt")->fingerprint();
  std::filesystem::copy_file(folder_->path() / "logits.pt", folder_->path() / "copy.pt");
  EXPECT_EQ(load("copy.pt")->fingerprint(), original);
  EXPECT_NE(load("logits.pt", 21)->fingerprint(), original);
  EXPECT_NE(load("features.pt")->fingerprint(), original);
}

TEST_F(TorchScript, MustFitTheDataSet) {
  EXPECT_THAT(
      failure_of([] { load("logits.pt", 0, kModuleImages, 11); }),
      AllOf(HasSubstr("logits.pt"), HasSubstr("answers 10 classes"), HasSubstr("has 11 classes")));
}

TEST_F(TorchScript, FailsInOneLineWhereTheModuleFails) {
  // A module whose first layer wants three channels.
  const auto path = folder_->path() / "grey.toml";
  write_file_atomically(path, "torchscript = 'logits.pt'\nmean = [0.5]\nstddev = [0.5]\n");
  const std::string failure =
      failure_of([&] { load_teacher(path, {.channels = 1, .height = 12, .width = 10}, 10); });
  EXPECT_THAT(failure, AllOf(HasSubstr("logits.pt: the module fails on images [2, 1, 12, 10]"),
                             HasSubstr("channels"), Not(HasSubstr("\n"))));
}

TEST_F(TorchScript, NamesTheTeacherWhoseAnswerIsNotFinite) {
  const auto teacher = load("nan.pt");
  const torch::Tensor dark = torch::zeros({3, 3, 12, 10}, torch::kUInt8);
  const torch::Tensor bright = torch::full({3, 3, 12, 10}, 255, torch::kUInt8);
  EXPECT_NO_THROW(teacher->answer(dark, Content::kLogits, 1));
  EXPECT_THAT(failure_of([&] { teacher->answer(bright, Content::kProbs, 1); }),
              AllOf(HasSubstr("nan.pt"), HasSubstr("not all finite")));
}

TEST_F(TorchScript, RefusesOutputsOfAnotherForm) {
  EXPECT_THAT(failure_of([] { load("list.pt"); }),
              AllOf(HasSubstr("list.pt"), HasSubstr("must give logits [2, classes]")));
  EXPECT_THAT(failure_of([] { load("flat.pt"); }), HasSubstr("it gave [3]"));
}

TEST_F(TorchScript, RefusesFilesThatAreNoModules) {
  EXPECT_THAT(failure_of([] { load("state_dict.pt"); }),
              AllOf(HasSubstr("state_dict.pt: this is a pickle"), HasSubstr("save_file"),
                    Not(HasSubstr("\n"))));
  write_file_atomically(folder_->path() / "noise.pt", "this is no archive");
  EXPECT_THAT(failure_of([] { load("noise.pt"); }), HasSubstr("noise.pt: not a TorchScript"));
  std::string cut = read_file(folder_->path() / "logits.pt");
  cut.resize(cut.size() / 2);
  write_file_atomically(folder_->path() / "cut.pt", cut);
  EXPECT_THAT(failure_of([] { load("cut.pt"); }), HasSubstr("cut.pt: not a TorchScript"));
  EXPECT_THAT(failure_of([] { load("gone.pt"); }), HasSubstr("gone.pt"));
}

}  // namespace
}  // namespace tandem
