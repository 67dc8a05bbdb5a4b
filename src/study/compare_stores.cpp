#include "tandem/study/compare_stores.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/study/student_store.h"
#include "tandem/target/reencode.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// A study's file without its cells.
struct ComparisonFile {
  StudyConfig study;
  TrialConfig base;

  void visit(ConfigVisitor& visitor) {
    study.visit(visitor);
    visitor.section("base", base);
  }
};

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
    if (!fs::exists(encoded)) {
      reencode(dense, encoding, encoded);
    }
    stores.push_back({encoding.text(), encoded});
  }
  return stores;
}

StudyPlan plan_store_comparison(const TrialConfig& trial, const std::vector<EncodedStore>& stores,
                                std::int64_t seeds) {
  const StoreDescription description = TargetStore(stores.front().path).description();
  ComparisonFile file;
  file.base = trial;
  file.base.target = TargetConfig();
  if (is_per_view(parse_granularity(description.granularity))) {
    file.base.views.seed = static_cast<std::int64_t>(description.view_seed);
  }
  file.study.name = "encodings";
  file.study.title = "What encodings of one store do to students";
  file.study.rates = {trial.train.rate};
  file.study.budgets = {total_steps(trial.train, description.samples)};
  for (std::int64_t seed = 0; seed < seeds; ++seed) {
    file.study.seeds.push_back(seed);
  }
  std::string text = config_text(file);
  for (const EncodedStore& store : stores) {
    text += fmt::format("\n[[cell]]\nname = \"{}\"\ntarget.store = \"{}\"\n", store.encoding,
                        store.path.string());
  }
  return plan_study(ConfigTable::from_text(text, "comparison"));
}

}  // namespace tandem
