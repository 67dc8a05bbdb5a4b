#include "tandem/study/compare_stores.h"

#include <fmt/format.h>

#include <algorithm>
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
  StudyConfig study{.grid = {.name = "encodings",
                             .title = "What encodings of one store do to students",
                             .rates = {trial.train.rate},
                             .budgets = {total_steps(trial.train, description.samples)}},
                    .ladder = {},
                    .base = trial,
                    .cells = {},
                    .text = {}};
  study.grid.seeds.resize(static_cast<std::size_t>(seeds));
  std::iota(study.grid.seeds.begin(), study.grid.seeds.end(), 0);
  if (description.granularity.per_view()) {
    study.base.views.seed = static_cast<std::int64_t>(description.view_seed);
  }
  for (const EncodedStore& store : stores) {
    CellConfig cell{.name = store.encoding, .baseline = false, .trial = study.base};
    cell.trial.target.store = store.path.string();
    study.cells.push_back(std::move(cell));
  }
  return plan_study(study);
}

}  // namespace tandem
