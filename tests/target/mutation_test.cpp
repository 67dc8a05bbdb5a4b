// Two thousand damaged and lying files: each is refused or read right, none crashes, and none makes
// its reader allocate more than a file of its size warrants.

#include <gtest/gtest.h>
#include <torch/types.h>

#include <fstream>

#include "allocation_count.h"
#include "mutate.h"
#include "small_store.h"
#include "tandem/core/atomic_file.h"
#include "tandem/model/weights.h"
#include "teacher_models.h"
#include "temporary_folder.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMutants = 1000;
constexpr std::uint32_t kForged = 120;  // each costs an fsync

/// A header is parsed to a tree of some dozens of bytes for each of its own, and the list of a
/// network's tensors can be a few megabytes however short its name.
std::size_t warranted(std::size_t file_bytes) {
  return 100 * file_bytes + (std::size_t{24} << 20);
}

/// Plain writing: fsync a thousand times takes ten seconds.
void overwrite(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// What became of the mutants.
struct Tally {
  int refused = 0;
  int read = 0;

  /// `read_right` opens the file and returns whether it holds what was written.
  template <typename ReadRight>
  void judge(const fs::path& path, std::uint32_t mutant, const ReadRight& read_right) {
    const std::size_t size = fs::file_size(path);
    const std::size_t asked_for = bytes_asked_for([&] {
      try {
        EXPECT_TRUE(read_right()) << "mutant " << mutant << " was read wrong";
        ++read;
      } catch (const std::exception&) {
        ++refused;
      }
    });
    EXPECT_LE(asked_for, warranted(size)) << "mutant " << mutant << " of " << size << " bytes";
  }
};

struct WrittenStore {
  fs::path path;
  std::string bytes;
  torch::Tensor decoded;
};

std::vector<WrittenStore> written_stores(const fs::path& folder) {
  const Dataset dataset = toy_dataset(2, 4, 1, 4);
  std::vector<WrittenStore> stores;
  const auto write = [&](const std::string& granularity, Content content,
                         const std::string& encoding) {
    const fs::path path = folder / std::to_string(stores.size());
    const StoreDescription description = small_description(dataset, granularity, content, encoding);
    write_small_store(path, dataset, description, made_up_targets(description));
    stores.push_back({path, read_file(path), read_all(TargetStore(path))});
  };
  write("cluster:2", Content::kProbs, "top-k:2:u8");
  write("view", Content::kProbs, "u8");
  write("sample", Content::kLogits, "u8");
  write("pool:2", Content::kFeatures, "fp16");
  return stores;
}

TEST(Mutants, OfAThousandStoresAreRefusedOrReadRight) {
  const TemporaryFolder folder;
  const std::vector<WrittenStore> stores = written_stores(folder.path());
  const fs::path path = folder.path() / "mutant";
  Tally tally;
  for (std::uint32_t mutant = 0; mutant < kMutants; ++mutant) {
    RandomStream random({.seed = 30, .stream = Stream::kInit, .index = mutant});
    const WrittenStore& store = stores[mutant % stores.size()];
    overwrite(path, mutated(store.bytes, random));
    tally.judge(path, mutant,
                [&] { return torch::equal(read_all(TargetStore(path)), store.decoded); });
  }
  EXPECT_GT(tally.refused, 900);
}

/// Changes metadata or tables of a store and makes its checksums right again.
void forge_anything(TensorFile& store, RandomStream& random) {
  auto entry = std::next(store.metadata.begin(),
                         random.below(static_cast<std::uint32_t>(store.metadata.size())));
  auto table = std::next(store.tensors.begin(),
                         random.below(static_cast<std::uint32_t>(store.tensors.size())));
  const auto place = [&] {
    return random.below(static_cast<std::uint32_t>(table->second.numel()));
  };
  switch (random.below(6)) {
    case 0:
      entry->second = lying_number(random);
      break;
    case 1:
      store.metadata.erase(entry);
      break;
    case 2:
      store.tensors["pca_basis"] = torch::zeros({6, random.below(3)});
      break;
    case 3:
      table->second = table->second.flatten().slice(0, 0, place()).contiguous();
      break;
    case 4:
      table->second = table->second.to(torch::kInt16);
      break;
    default:
      for (const char* name : {"classes", "clusters"}) {  // out of range, or in it and another's
        if (const auto found = store.tensors.find(name); found != store.tensors.end()) {
          table = found;
          found->second.flatten()[place()] = 4 + static_cast<int>(random.below(200));
        }
      }
  }
}

TEST(Mutants, OfStoresWhoseChecksumsWereMadeRightAreRefusedOrReadRight) {
  const TemporaryFolder folder;
  const std::vector<WrittenStore> stores = written_stores(folder.path());
  const fs::path path = folder.path() / "mutant";
  Tally tally;
  for (std::uint32_t mutant = 0; mutant < kForged; ++mutant) {
    RandomStream random({.seed = 31, .stream = Stream::kInit, .index = mutant});
    const WrittenStore& store = stores[mutant % stores.size()];
    TensorFile file = read_safetensors(store.path);
    forge_anything(file, random);
    seal(file);
    write_safetensors(path, file);
    tally.judge(path, mutant,
                [&] { return torch::equal(read_all(TargetStore(path)), store.decoded); });
  }
  EXPECT_GT(tally.refused, 50);
  EXPECT_GT(tally.read, 20);  // names, seeds and the like may be anything
}

struct WrittenModel {
  fs::path path;
  std::string bytes;
  std::map<std::string, torch::Tensor> weights;
};

std::vector<WrittenModel> written_models(const fs::path& folder) {
  std::vector<WrittenModel> models;
  for (const ModelConfig& config :
       {ModelConfig{.name = "mlp", .width = 3}, ModelConfig{.name = "convnet3", .width = 2},
        ModelConfig{.name = "resnet-basic-1-1", .width = 2}}) {
    const fs::path path = folder / config.name;
    const auto model = random_model(config, 4, {.channels = 3, .height = 8, .width = 9});
    save_model(path, *model, teacher_normalisation(), {{"note", "of a teacher"}});
    models.push_back({path, read_file(path), state_of(*model)});
  }
  return models;
}

bool loads_right(const fs::path& path, const WrittenModel& written) {
  const TrainedModel loaded = load_model(path);
  const auto weights = state_of(*loaded.model);
  return weights.size() == written.weights.size() &&
         std::all_of(weights.begin(), weights.end(), [&](const auto& entry) {
           const auto found = written.weights.find(entry.first);
           return found != written.weights.end() && torch::equal(found->second, entry.second);
         });
}

TEST(Mutants, OfAThousandCheckpointsAreRefusedOrReadRight) {
  const TemporaryFolder folder;
  const std::vector<WrittenModel> models = written_models(folder.path());
  const fs::path path = folder.path() / "mutant";
  Tally tally;
  for (std::uint32_t mutant = 0; mutant < kMutants; ++mutant) {
    RandomStream random({.seed = 32, .stream = Stream::kInit, .index = mutant});
    const WrittenModel& model = models[mutant % models.size()];
    overwrite(path, mutated(model.bytes, random));
    tally.judge(path, mutant, [&] { return loads_right(path, model); });
  }
  EXPECT_GT(tally.refused, 900);
}

/// Another model, image or class count than the tensors are of; of format 1, which has no
/// fingerprint that would give it away.
void forge_metadata(TensorFile& file, RandomStream& random) {
  static const std::vector<std::string> models{"mlp",
                                               "convnet3",
                                               "resnet50",
                                               "resnet18",
                                               "vgg",
                                               "resnet-basic-256-256-256-256-256-256-256-256",
                                               "resnet-bottleneck-1-1"};
  file.metadata.at("tandem.format") = "1";
  file.metadata.erase("tandem.content_fingerprint");
  switch (random.below(4)) {
    case 0:
      file.metadata.at("tandem.model") =
          "name = '" + models[random.below(static_cast<std::uint32_t>(models.size()))] +
          "'\nwidth = " + lying_number(random);
      break;
    case 1:
      file.metadata.at("tandem.model") += "width = 4096\n";
      break;
    case 2:
      file.metadata.at("tandem.image_shape") = "3 " + lying_number(random) + " 1048576";
      break;
    default:
      file.metadata.at("tandem.classes") = lying_number(random);
  }
}

TEST(Mutants, OfCheckpointsThatNameOtherModelsAreRefusedOrReadRight) {
  const TemporaryFolder folder;
  const std::vector<WrittenModel> models = written_models(folder.path());
  const fs::path path = folder.path() / "mutant";
  Tally tally;
  for (std::uint32_t mutant = 0; mutant < kForged; ++mutant) {
    RandomStream random({.seed = 33, .stream = Stream::kInit, .index = mutant});
    const WrittenModel& model = models[mutant % models.size()];
    TensorFile file = read_safetensors(model.path);
    forge_metadata(file, random);
    write_safetensors(path, file);
    tally.judge(path, mutant, [&] { return loads_right(path, model); });
  }
  EXPECT_GT(tally.refused, 90);
}

TEST(Mutants, WouldBeSeenToAllocateTooMuch) {
  EXPECT_GE(bytes_asked_for([] { torch::empty({1 << 20}); }), std::size_t{4} << 20);
  EXPECT_GE(bytes_asked_for([] { std::vector<char> memory(1 << 20); }), std::size_t{1} << 20);
}

}  // namespace
}  // namespace tandem
