#include "tandem/label/label_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "tandem/label/open_teacher.h"
#include "tandem/view/view_policy.h"

namespace tandem {

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
  config.target = resolve(config.target);
  const Granularity granularity = parse_granularity(config.target.granularity);
  if (config.target.teacher.empty()) {
    throw std::invalid_argument(fmt::format(
        "label: content '{}' needs no teacher and no store; set target.content to probs, logits or "
        "features and target.teacher",
        config.target.content));
  }
  if (!config.target.store.empty() || config.target.shuffle) {
    throw std::invalid_argument(
        "label: target.store and target.shuffle are for students; leave them out");
  }
  const std::int64_t pool =
      granularity_count(granularity == Granularity::kPool ? config.target.granularity : "class");
  const std::int64_t most =
      granularity == Granularity::kView ? kFusionEpoch : std::max<std::int64_t>(pool, 1);
  if (config.store.epochs < 1 || config.store.epochs > most ||
      (pool > 0 && config.store.epochs > 1 && config.store.epochs != pool)) {
    throw std::invalid_argument(
        fmt::format("store.epochs: granularity '{}' stores {}, got {}", config.target.granularity,
                    granularity == Granularity::kView ? fmt::format("1..{} visits", most)
                    : pool > 0                        ? fmt::format("{} visits", pool)
                                                      : std::string("one target for all visits"),
                    config.store.epochs));
  }
  if (config.views.pool != 0 && config.views.pool != pool) {
    throw std::invalid_argument(
        "label: views.pool is for students; say granularity = 'pool:K', or leave it out");
  }
  if (pool > 0) {
    config.store.epochs = pool;
  }
  if (config.threads < 1) {
    throw std::invalid_argument(fmt::format("threads: expected 1 or more, got {}", config.threads));
  }
  config.store.encoding = Encoding::parse(config.store.encoding).text();
  config.views.seed = std::max<std::int64_t>(config.views.seed, 0);
  config.views.pool = 0;
  config.views.policy = ViewPolicy::parse(config.views.policy).text();
  return config;
}

LabelConfig label_config_of(const TrialConfig& trial) {
  LabelConfig config;
  config.data = trial.data;
  config.views = trial.views;
  config.views.pool = 0;  // which of them a student sees is its own affair
  config.target = trial.target;
  config.target.shuffle = false;  // the store stands in order; a canary shuffles what it reads
  config.threads = trial.train.threads;
  config.device = trial.train.device;
  return resolve(config);
}

StoreDescription describe_store(const LabelConfig& config, const Splits& splits,
                                const Teacher& teacher) {
  StoreDescription description;
  description.granularity = config.target.granularity;
  description.epochs = config.store.epochs;
  description.content = parse_content(config.target.content);
  description.fusion = config.target.fusion;
  description.temperature = config.target.temperature;
  description.encoding = Encoding::parse(config.store.encoding);
  description.describe(splits.train);
  for (const std::string& name : teacher_names(config.target.teacher)) {
    description.teacher += description.teacher.empty() ? "" : "+";
    description.teacher += std::filesystem::path(name).stem().string();
  }
  description.teacher_fingerprint = teacher.fingerprint();
  const ViewPolicy policy = ViewPolicy::parse(teacher_policy(config.target, config.views.policy));
  description.views = policy.text();
  description.views_fingerprint = policy.fingerprint();
  description.view_seed = static_cast<std::uint64_t>(config.views.seed);
  const std::int64_t width = teacher.width(description.content);
  if (config.target.pca > width) {
    throw std::invalid_argument(fmt::format(
        "target.pca: the teacher's features have {} components, got {}", width, config.target.pca));
  }
  description.width = config.target.pca > 0 ? config.target.pca : width;
  check_encoding(description.encoding, description.content, description.width);
  return description;
}

}  // namespace tandem
