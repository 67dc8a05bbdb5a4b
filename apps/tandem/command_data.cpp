#include <fmt/format.h>
#include <torch/types.h>

#include <filesystem>
#include <memory>

#include "commands.h"
#include "tandem/data/catalog.h"

namespace tandem {
namespace {

void list_command() {
  for (const std::string& name : dataset_names()) {
    const std::filesystem::path folder = default_data_folder(name);
    fmt::print("{:<16} {} ({})\n", name, folder.string(),
               std::filesystem::exists(folder) ? "there" : "not there");
  }
}

void show_command(const std::string& name, const std::string& folder) {
  for (const auto& [split, title] : {std::pair{Split::kTrain, "train"}, {Split::kTest, "test"}}) {
    const Dataset dataset = load_dataset(name, split, {.folder = folder});
    const ImageShape shape = dataset.image_shape();
    fmt::print("{} {}: {} images of {}x{}x{}, {} classes, fingerprint {}\n", name, title,
               dataset.size(), shape.channels, shape.height, shape.width, dataset.class_count(),
               dataset.fingerprint().hex());
    const torch::Tensor counts =
        torch::bincount(dataset.labels(), {}, dataset.class_count()).to(torch::kInt64);
    for (std::int64_t c = 0; c < dataset.class_count(); ++c) {
      fmt::print("  {:<24} {:>7}\n", dataset.class_names()[static_cast<std::size_t>(c)],
                 counts[c].item<std::int64_t>());
    }
  }
}

}  // namespace

void add_data_command(CLI::App& app) {
  CLI::App* data = app.add_subcommand("data", "data sets: which there are, what they hold");
  data->require_subcommand(1);
  data->add_subcommand("list", "known data sets and where they are looked for")
      ->callback(list_command);

  auto name = std::make_shared<std::string>();
  auto folder = std::make_shared<std::string>();
  CLI::App* show = data->add_subcommand("show", "sizes, classes and fingerprint");
  show->add_option("name", *name, "e.g. fashion-mnist")->required();
  show->add_option("--folder", *folder, "where the files are");
  show->callback([name, folder] { show_command(*name, *folder); });
}

}  // namespace tandem
