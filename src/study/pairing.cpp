#include "pairing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "tandem/record/study_record.h"

namespace tandem {
namespace {

/// The keys that say which samples are learnt from, and thereby their order.
DataConfig choice_of(DataConfig data) {
  const DataConfig usual;
  data.label_noise = usual.label_noise;
  data.noise = usual.noise;
  data.degrade = usual.degrade;
  return data;
}

bool see_the_same_samples(const TrialConfig& a, const TrialConfig& b) {
  return config_text(choice_of(a.data)) == config_text(choice_of(b.data));
}

bool see_the_same_views(const TrialConfig& a, const TrialConfig& b) {
  return see_the_same_samples(a, b) && a.data.degrade == b.data.degrade &&
         a.views.policy == b.views.policy && a.views.seed == b.views.seed;
}

}  // namespace

std::string pairing_text(const TrialConfig& cell, const TrialConfig& baseline) {
  if (config_text(cell.model) == config_text(baseline.model) &&
      cell.train.batch == baseline.train.batch && see_the_same_views(cell, baseline) &&
      cell.views.pool == baseline.views.pool) {
    return std::string(kPairedInAll);
  }
  std::vector<std::string> shared;
  if (config_text(cell.model) == config_text(baseline.model)) {
    shared.emplace_back("weights");
  }
  if (see_the_same_samples(cell, baseline) && cell.train.batch == baseline.train.batch) {
    shared.emplace_back("batches");
  }
  if (see_the_same_views(cell, baseline)) {
    const auto [fewer, more] = std::minmax(cell.views.pool, baseline.views.pool);
    shared.push_back(fewer == more
                         ? "views"
                         : fmt::format("views of visits below {}", fewer > 0 ? fewer : more));
  }
  return shared.empty() ? "seeds alone" : fmt::format("{}", fmt::join(shared, ", "));
}

}  // namespace tandem
