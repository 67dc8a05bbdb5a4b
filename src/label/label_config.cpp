#include "tandem/label/label_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "tandem/core/machine.h"

namespace tandem {
namespace {

/// What a store of `granularity` holds, in words.
std::string visits_text(const Granularity& granularity) {
  if (granularity.pool() > 0) {
    return fmt::format("{} visits", granularity.pool());
  }
  return granularity.per_view() ? fmt::format("1..{} visits", kFusionEpoch)
                                : std::string("one target for all visits");
}

/// Visits that are stored where `asked` are asked for. Throws std::invalid_argument.
std::int64_t stored_visits(const Granularity& granularity, std::int64_t asked) {
  const std::int64_t pool = granularity.pool();
  const bool good = pool > 0                 ? asked == 1 || asked == pool
                    : granularity.per_view() ? asked >= 1 && asked <= kFusionEpoch
                                             : asked == 1;
  if (!good) {
    throw std::invalid_argument(fmt::format("store.epochs: granularity '{}' stores {}, got {}",
                                            granularity.text(), visits_text(granularity), asked));
  }
  return pool > 0 ? pool : asked;
}

/// Names of files without their folders and endings.
std::string name_for_people(const TeacherRef& teacher) {
  TeacherRef named;
  for (const std::string& file : teacher.names) {
    named.names.push_back(std::filesystem::path(file).stem().string());
  }
  return named.text();
}

}  // namespace

void StoreConfig::visit(ConfigVisitor& visitor) {
  visitor.field("epochs", epochs);
  visitor.field("encoding", encoding);
}

void LabelConfig::visit(ConfigVisitor& visitor) {
  visitor.field("threads", threads);
  visitor.field("device", device);
  visitor.section("data", data);
  visitor.section("views", views);
  visitor.section("target", target);
  visitor.section("store", store);
}

LabelConfig resolve(LabelConfig config) {
  check(config.data);
  const MappingSpec mapping = resolve_mapping(config.target);
  if (!config.target.switches.empty()) {
    throw std::invalid_argument("label: target.switch is for students; leave it out");
  }
  if (mapping.teacher.empty()) {
    throw std::invalid_argument(fmt::format(
        "label: content '{}' needs no teacher and no store; set target.content to probs, logits or "
        "features and target.teacher",
        text_of(mapping.content)));
  }
  if (!mapping.store.empty() || mapping.shuffle) {
    throw std::invalid_argument(
        "label: target.store and target.shuffle are for students; leave them out");
  }
  config.store.epochs = stored_visits(mapping.granularity, config.store.epochs);
  if (config.views.pool != 0 && config.views.pool != mapping.granularity.pool()) {
    throw std::invalid_argument(
        "label: views.pool is for students; say granularity = 'pool:K', or leave it out");
  }
  check_threads(config.threads, "threads");
  config.target = config_of(mapping);
  config.store.encoding = Encoding::parse(config.store.encoding).text();
  config.views.seed = std::max<std::int64_t>(config.views.seed, 0);
  config.views.pool = 0;
  config.views.policy = ViewPolicy::parse(config.views.policy).text();
  return config;
}

LabelConfig labelling_of(const MappingSpec& mapping, const DataConfig& data,
                         const ViewConfig& views) {
  LabelConfig config;
  config.data = data;
  config.views = views;
  config.views.pool = 0;  // which of them a student sees is its own affair
  if (!mapping.teacher_views) {
    config.views = {};  // the teacher sees the samples as they are, whatever students see
  }
  config.target = config_of(mapping);
  config.target.shuffle = false;  // the store stands in order; a canary shuffles what it reads
  return resolve(config);
}

StoreDescription describe_store(const LabelConfig& config, const Dataset& samples,
                                const Teacher& teacher) {
  const MappingSpec mapping = resolve_mapping(config.target);
  StoreDescription description;
  description.granularity = mapping.granularity;
  description.epochs = config.store.epochs;
  description.content = mapping.content;
  description.fusion = mapping.fusion;
  description.temperature = mapping.temperature_or_one();
  description.encoding = Encoding::parse(config.store.encoding);
  description.describe(samples);
  description.teacher = name_for_people(mapping.teacher);
  description.teacher_fingerprint = teacher.fingerprint();
  const ViewPolicy policy = teacher_policy(mapping, ViewPolicy::parse(config.views.policy));
  description.views = policy.text();
  description.views_fingerprint = policy.fingerprint();
  description.view_seed = static_cast<std::uint64_t>(config.views.seed);
  const std::int64_t width = teacher.width(description.content);
  if (mapping.pca > width) {
    throw std::invalid_argument(fmt::format(
        "target.pca: the teacher's features have {} components, got {}", width, mapping.pca));
  }
  description.width = mapping.pca > 0 ? mapping.pca : width;
  check_encoding(description.encoding, description.content, description.width);
  return description;
}

}  // namespace tandem
