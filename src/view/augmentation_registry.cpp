#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "augmentations/entries.h"
#include "mixing.h"
#include "tandem/core/parameter_text.h"
#include "tandem/core/registry.h"

namespace tandem {
namespace {

constexpr const AugmentationEntry* kLibraryEntries[] = {
    &kPadCropEntry,     &kFlipEntry,        &kResizedCropEntry,   &kRotateEntry, &kAffineEntry,
    &kColorJitterEntry, &kGrayscaleEntry,   &kBlurEntry,          &kCutoutEntry, &kErasingEntry,
    &kRandAugmentEntry, &kAutoAugmentEntry, &kTrivialAugmentEntry};

Registry<AugmentationParser>& augmentations() {
  static Registry<AugmentationParser> registry = [] {
    Registry<AugmentationParser> known("augmentation");
    for (const AugmentationEntry* entry : kLibraryEntries) {
      known.add(std::string(entry->name), entry->parse);
    }
    return known;
  }();
  return registry;
}

/// What a policy that holds `text` makes of it again; says why where it makes nothing.
std::string read_again(std::string_view text, const AugmentationParser& parse) {
  const auto parameter = split_parameter(text).parameter;
  if (parameter && parameter->empty()) {
    return "nothing, for want of a parameter";
  }
  try {
    return fmt::format("'{}'", parse(parameter.value_or(std::string_view()))->text());
  } catch (const std::invalid_argument& refusal) {
    return fmt::format("nothing ({})", refusal.what());
  }
}

/// A policy is known by its text, in files and fingerprints, so the text must lead back to it.
void check_text(const std::string& asked, std::string_view name, const std::string& text,
                const AugmentationParser& parse) {
  if (split_parameter(text).name != name || text.find(',') != std::string::npos) {
    throw std::invalid_argument(
        fmt::format("augmentation '{}': expected a text() that begins with its name and holds no "
                    "comma, found '{}'",
                    asked, text));
  }
  const std::string again = read_again(trimmed(text), parse);
  if (again != fmt::format("'{}'", text)) {
    throw std::invalid_argument(
        fmt::format("augmentation '{}': expected a text() that leads back to itself, found '{}', "
                    "which is read as {}",
                    asked, text, again));
  }
}

}  // namespace

void register_augmentation(const std::string& name, AugmentationParser parser) {
  if (name == "none" || Mixing::is_mixing(name)) {
    throw std::invalid_argument(
        fmt::format("augmentation '{}': the name means something else in a policy", name));
  }
  if (!parser) {
    throw std::invalid_argument(
        fmt::format("augmentation '{}': expected a parser, found none", name));
  }
  augmentations().add(name, std::move(parser));
}

std::unique_ptr<Augmentation> parse_augmentation(const std::string& text) {
  const auto [name, parameter] = split_parameter(text);
  const AugmentationParser& parse = augmentations().at(name);
  if (parameter && parameter->empty()) {
    throw std::invalid_argument(fmt::format("'{}': expected a parameter after the colon", text));
  }
  std::unique_ptr<Augmentation> augmentation = parse(parameter.value_or(std::string_view()));
  check_text(text, name, augmentation->text(), parse);
  return augmentation;
}

}  // namespace tandem
