#include "tandem/target/teacher_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/core/atomic_file.h"
#include "teacher_models.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;
namespace fs = std::filesystem;

constexpr std::string_view kStatistics =
    "mean = [0.5, 0.4, 0.6]\nstddev = [0.25, 0.25, 0.5]\n";  // teacher_normalisation()

class TeacherFile : public testing::Test {
 protected:
  fs::path write_toml(const std::string& text, const std::string& name = "teacher.toml") {
    write_file_atomically(folder_.path() / name, text);
    return folder_.path() / name;
  }

  fs::path write_checkpoint(const std::map<std::string, std::string>& notes = {}) {
    const fs::path path = folder_.path() / "own.safetensors";
    save_model(path, *random_model({.name = "resnet8", .width = 4}), teacher_normalisation(),
               notes);
    return path;
  }

  /// The weights of a ResNet as another program would write them.
  fs::path write_weights(const ModelConfig& config = {.name = "resnet18", .width = 4}) {
    const fs::path path = folder_.path() / "foreign.safetensors";
    write_safetensors(path, {.tensors = state_of(*random_model(config)), .metadata = {}});
    return path;
  }

  auto loading(const fs::path& path, const ImageShape& shape = kTeacherImages,
               std::int64_t classes = 10) {
    return [=] { load_teacher(path, shape, classes); };
  }

  std::string refusal(const std::string& toml) {
    try {
      load_teacher(write_toml(toml), kTeacherImages, 10);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "nothing was refused";
  }

  TemporaryFolder folder_;
};

TEST_F(TeacherFile, OfTandemAnswersAsItsModelDoes) {
  const auto path = write_checkpoint({{kTrainedOnNote, "here"}});
  const auto teacher = load_teacher(path, kTeacherImages, 10);
  const torch::Tensor pixels = random_pixels(9);
  ModelTeacher direct(load_model(path));
  EXPECT_TRUE(torch::equal(teacher->answer(pixels, Content::kLogits, 1),
                           direct.answer(pixels, Content::kLogits, 1)));
  EXPECT_EQ(teacher->fingerprint(), direct.fingerprint());
  EXPECT_EQ(teacher->trained_on(), "here");
}

TEST_F(TeacherFile, OfAForeignResNetAnswersAsItsModelDoes) {
  write_weights();
  const auto teacher =
      load_teacher(write_toml(fmt::format("weights = 'foreign.safetensors'\n{}trained_on = 'there'",
                                          kStatistics)),
                   kTeacherImages, 10);
  const torch::Tensor pixels = random_pixels(9);
  EXPECT_TRUE(torch::equal(
      teacher->answer(pixels, Content::kFeatures, 1),
      random_teacher({.name = "resnet18", .width = 4})->answer(pixels, Content::kFeatures, 1)));
  EXPECT_EQ(teacher->width(Content::kFeatures), 32);
  EXPECT_EQ(teacher->trained_on(), "there");
}

TEST_F(TeacherFile, ResizesImagesForTheModelAndForTheModelAlone) {
  const at::NoGradGuard no_grad;
  const ModelConfig config{.name = "resnet18", .width = 4, .stem = "imagenet"};
  write_weights(config);
  const auto teacher = load_teacher(
      write_toml(fmt::format("weights = 'foreign.safetensors'\n{}image_size = 50", kStatistics)),
      kTeacherImages, 10);
  const torch::Tensor pixels = random_pixels(5);
  const torch::Tensor resized = torch::upsample_bilinear2d(
      normalise(pixels, teacher_normalisation()), {50, 50}, /*align_corners=*/false);
  const torch::Tensor expected = random_model(config)->forward(resized);
  EXPECT_TRUE(torch::allclose(teacher->answer(pixels, Content::kLogits, 1), expected, 1e-4, 1e-5));
}

TEST_F(TeacherFile, IsIdentifiedByContentAndNotByPath) {
  write_weights();
  const std::string toml = fmt::format("weights = 'foreign.safetensors'\n{}", kStatistics);
  const auto fingerprint = [&](const std::string& text, const std::string& name = "teacher.toml") {
    const fs::path path = write_toml(text, name);
    return std::pair(load_teacher(path, kTeacherImages, 10)->fingerprint(),
                     identify_teacher_file(path));
  };
  const auto original = fingerprint(toml);
  EXPECT_EQ(fingerprint("# a comment\n" + toml, "other.toml"), original);
  for (const std::string& changed : std::vector<std::string>{
           toml + "image_size = 32",
           "weights = 'foreign.safetensors'\nmean = [0.5, 0.5, 0.6]\nstddev = [0.25, 0.25, 0.5]"}) {
    EXPECT_NE(fingerprint(changed).first, original.first) << changed;
    EXPECT_NE(fingerprint(changed).second, original.second) << changed;
  }
  fs::copy_file(folder_.path() / "foreign.safetensors", folder_.path() / "copy.safetensors");
  EXPECT_EQ(fingerprint(fmt::format("weights = 'copy.safetensors'\n{}", kStatistics)), original);
  write_weights({.name = "resnet18", .width = 5});
  EXPECT_NE(fingerprint(toml).first, original.first);
  EXPECT_NE(fingerprint(toml).second, original.second);
}

TEST_F(TeacherFile, MustFitTheDataSet) {
  const auto own = write_checkpoint();
  const ImageShape other{.channels = 3, .height = 20, .width = 20};
  EXPECT_THAT(loading(own, other),
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr(own.string()), HasSubstr("10 classes of 3x20x18 images"),
                        HasSubstr("the data set has 10 classes of 3x20x20 images"))));
  EXPECT_THAT(loading(own, kTeacherImages, 7),
              ThrowsMessage<std::runtime_error>(HasSubstr("the data set has 7 classes")));

  const auto weights = write_weights();
  const auto toml = write_toml(fmt::format("weights = 'foreign.safetensors'\n{}", kStatistics));
  EXPECT_THAT(
      loading(toml, kTeacherImages, 7),
      ThrowsMessage<std::runtime_error>(
          AllOf(HasSubstr(weights.string()), HasSubstr("10 classes"), HasSubstr("has 7 classes"))));
  EXPECT_THAT(
      loading(toml, {.channels = 1, .height = 20, .width = 18}),
      ThrowsMessage<std::runtime_error>(HasSubstr("3 channels, the data set's images have 1")));
}

TEST_F(TeacherFile, IsRefusedBareWithTheTomlToWriteInstead) {
  const auto weights = write_weights();
  EXPECT_THAT(loading(weights),
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr(weights.string()), HasSubstr("weights = \"foreign.safetensors\""),
                        HasSubstr("mean = [...] and stddev = [...]"))));
  EXPECT_THAT(loading(folder_.path() / "model.pt"),
              ThrowsMessage<std::runtime_error>(HasSubstr("torchscript = \"model.pt\"")));
  EXPECT_THAT(loading(folder_.path() / "model.onnx"),
              ThrowsMessage<std::runtime_error>(HasSubstr("expected a teacher as .safetensors")));
}

TEST_F(TeacherFile, IsRefusedWhenItsTomlLeavesOutOrMisspellsSomething) {
  const std::string weights = "weights = 'foreign.safetensors'\n";
  write_weights();
  const std::string statistics(kStatistics);
  EXPECT_THAT(refusal(weights), HasSubstr("expected mean and stddev"));
  EXPECT_THAT(refusal(weights + "mean = [0.5, 0.5, 0.5]"), HasSubstr("got 3 and 0"));
  EXPECT_THAT(refusal(statistics), HasSubstr("expected either weights"));
  EXPECT_THAT(refusal(weights + "torchscript = 'm.pt'\n" + statistics),
              HasSubstr("expected either weights"));
  EXPECT_THAT(refusal(weights + statistics + "image_siz = 3"),
              AllOf(HasSubstr("teacher.toml:4"), HasSubstr("did you mean 'image_size'")));
  EXPECT_THAT(refusal(weights + statistics + "image_size = -1"), HasSubstr("image_size"));
  EXPECT_THAT(refusal(weights + "mean = [123.675, 116.28, 103.53]\nstddev = [58, 57, 57]"),
              HasSubstr("pixels in 0..1"));
  EXPECT_THAT(refusal(weights + "mean = [0, 0, 0]\nstddev = [1, 0, 1]"),
              HasSubstr("stddev must be positive"));
}

TEST_F(TeacherFile, NamesFilesThatAreMissingOrOfTheWrongKind) {
  const std::string statistics(kStatistics);
  EXPECT_THAT(loading(folder_.path() / "none.safetensors"),
              ThrowsMessage<std::runtime_error>(HasSubstr("none.safetensors")));
  EXPECT_THAT(loading(folder_.path() / "none.toml"),
              ThrowsMessage<std::runtime_error>(HasSubstr("none.toml")));
  EXPECT_THAT(refusal("weights = 'gone.safetensors'\n" + statistics),
              HasSubstr((folder_.path() / "gone.safetensors").string()));
  write_checkpoint();
  EXPECT_THAT(refusal("weights = 'own.safetensors'\n" + statistics),
              HasSubstr("is a Tandem checkpoint"));
}

TEST_F(TeacherFile, IsRefusedAsAPickleByAllThatTorchSaveWritesFirst) {
  const std::string toml = fmt::format("weights = 'weights'\n{}", kStatistics);
  const fs::path weights = folder_.path() / "weights";
  write_file_atomically(weights, "\x80\x02\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19.");
  EXPECT_THAT(refusal(toml), AllOf(HasSubstr(weights.string()), HasSubstr("is a pickle")));
  // A safetensors file whose header of 640 bytes makes its first two bytes those of a pickle.
  const std::string length = "\x80\x02" + std::string(6, '\0');
  write_file_atomically(weights, length + "{}" + std::string(638, ' '));
  EXPECT_THAT(refusal(toml), HasSubstr("missing 'conv1.weight'"));
}

TEST_F(TeacherFile, GivesTheTeacherForOnePathAndAnEnsembleForSeveral) {
  const auto own = write_checkpoint({{kTrainedOnNote, "here"}});
  write_weights();
  const auto foreign = write_toml(fmt::format("weights = 'foreign.safetensors'\n{}", kStatistics));
  const auto load = [](const std::vector<fs::path>& paths) {
    return load_teachers(paths, EnsembleMean::kLogits, kTeacherImages, 10);
  };
  const torch::Tensor pixels = random_pixels(4);
  const torch::Tensor first = load({own})->answer(pixels, Content::kLogits, 1);
  const torch::Tensor second = load({foreign})->answer(pixels, Content::kLogits, 1);
  const auto both = load({own, foreign});
  EXPECT_TRUE(
      torch::allclose(both->answer(pixels, Content::kLogits, 1), (first + second) / 2, 1e-5, 1e-6));
  EXPECT_EQ(both->trained_on(), "here");
  EXPECT_EQ(load({own})->width(Content::kFeatures), 16);
  EXPECT_THROW(load({}), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
