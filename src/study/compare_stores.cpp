#include "tandem/study/compare_stores.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "tandem/label/labelling.h"
#include "tandem/label/student_store.h"
#include "tandem/target/reencode.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

std::string file_name(std::string encoding) {
  std::replace(encoding.begin(), encoding.end(), ':', '-');
  return encoding + ".safetensors";
}

}  // namespace

std::vector<EncodedStore> encode_all(const fs::path& path,
                                     const std::vector<std::string>& encodings,
                                     const fs::path& folder) {
  const TargetStore dense(path);
  std::vector<EncodedStore> stores{{dense.description().encoding.text(), path}};
  for (const std::string& text : encodings) {
    const Encoding encoding = Encoding::parse(text);
    check_encoding(encoding, dense.description().content, dense.width());
    // The name holds whose targets these are, so that another store's are never taken for them.
    const fs::path encoded =
        folder / dense.fingerprint().hex().substr(0, 12) / file_name(encoding.text());
    const bool known = std::any_of(stores.begin(), stores.end(), [&](const EncodedStore& store) {
      return store.encoding == encoding.text();
    });
    if (known) {
      continue;
    }
    if (!fs::exists(encoded)) {
      copy_label_record(path, encoded);
      reencode(dense, encoding, encoded);
    }
    stores.push_back({encoding.text(), encoded});
  }
  return stores;
}

StudyPlan plan_store_comparison(const TrialConfig& trial, const std::vector<EncodedStore>& stores,
                                std::int64_t seeds) {
  const StoreDescription description = TargetStore(stores.front().path).description();
  TrialConfig base = trial;
  if (is_per_view(parse_granularity(description.granularity))) {
    base.views.seed = static_cast<std::int64_t>(description.view_seed);
  }
  StudyConfig study;
  study.name = "encodings";
  study.title = "What encodings of one store do to students";
  study.rates = {trial.train.rate};
  study.budgets = {total_steps(trial.train, description.samples)};
  study.seeds.resize(static_cast<std::size_t>(seeds));
  std::iota(study.seeds.begin(), study.seeds.end(), 0);
  std::string cells;
  for (const EncodedStore& store : stores) {
    // A JSON text is a TOML text, escapes included.
    cells += fmt::format("[[cell]]\nname = \"{}\"\ntarget.store = {}\n\n", store.encoding,
                         nlohmann::json(store.path.string()).dump());
  }
  return plan_study(study, base, cells);
}

}  // namespace tandem
