#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands.h"
#include "store_text.h"
#include "tandem/core/config.h"
#include "tandem/label/import_store.h"

namespace tandem {

void add_store_import_command(CLI::App& store) {
  struct Arguments {
    std::string file, out;
    std::vector<std::string> overrides;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = store.add_subcommand(
      "import", "make a store of the soft labels that came with distilled or synthetic samples");
  command->add_option("file", arguments->file, "safetensors: images, labels, soft_labels")
      ->required();
  command->add_option("out", arguments->out, "the store's file")->required();
  command->add_option("overrides", arguments->overrides, "key=value, e.g. data.name=cifar10");
  command->footer(
      "Example:\n"
      "  tandem store import distilled.safetensors runs/distilled-store.safetensors \\\n"
      "      data.name=cifar10\n"
      "  tandem train data.name=cifar10 data.samples=distilled.safetensors train.epochs=300 \\\n"
      "      target.store=runs/distilled-store.safetensors\n"
      "Keys: those of [data], and temperature, at which the soft labels were taken.");
  command->callback([arguments] {
    if (std::filesystem::exists(arguments->out)) {
      throw std::invalid_argument(arguments->out +
                                  " is there already; choose another name or delete it");
    }
    ConfigTable table("command line");
    for (const std::string& assignment : arguments->overrides) {
      table.assign(assignment);
    }
    ImportConfig config;
    table.read_into(config);
    config.data.samples = arguments->file;
    const std::string conversion = import_store(config, arguments->out);
    fmt::print("{}", store_text(arguments->out));
    if (!conversion.empty()) {
      fmt::print("{}\n", conversion);
    }
  });
}

}  // namespace tandem
