#include "image_cache.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <torch/types.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "expect_refusal.h"
#include "image_cache_file.h"
#include "no_file_opens.h"
#include "picture_folder.h"
#include "tandem/core/interrupted.h"
#include "tandem/core/lease.h"
#include "tandem/picture/fit_square.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

using testing::HasSubstr;

/// What the picture in a file becomes.
torch::Tensor image_in(const fs::path& file, std::int64_t side) {
  const Bytes bytes = read_bytes(file);
  torch::Tensor planes = torch::empty({3, side, side}, torch::kUInt8);
  fit_square(decode_picture(std::as_bytes(std::span(bytes)), 2 * side), side,
             planes.data_ptr<std::uint8_t>());
  return planes;
}

/// Overwrites a byte of a file.
void damage(const fs::path& file, std::int64_t place) {
  Bytes bytes = read_bytes(file);
  bytes[static_cast<std::size_t>(place < 0 ? std::ssize(bytes) + place : place)] ^= 0x40;
  write_bytes(file, bytes);
}

TEST(LoadPictures, GivesEveryPictureInTheOrderOfTheListing) {
  PictureFolder pets;
  const Dataset dataset = pets.load();
  ASSERT_EQ(dataset.size(), 6);
  EXPECT_EQ(dataset.image_shape(), (ImageShape{3, 16, 16}));
  EXPECT_THAT(dataset.class_names(), testing::ElementsAre("cat", "dog"));
  EXPECT_TRUE(torch::equal(dataset.labels(), torch::tensor({0, 0, 0, 1, 1, 1}, torch::kInt64)));
  const ImageListing listing = pets.list();
  for (std::int64_t k = 0; k < 6; ++k) {
    const fs::path file = pets.root() / listing.images[static_cast<std::size_t>(k)].file;
    EXPECT_TRUE(torch::equal(dataset.images(k, 1)[0], image_in(file, 16))) << file;
  }
  EXPECT_EQ(pets.report.used, 6);
  EXPECT_TRUE(pets.report.decoded);
  EXPECT_NO_THROW(check_image_cache(pets.report.cache));
}

TEST(LoadPictures, DecodesOnceForEqualContent) {
  PictureFolder pets;
  const Fingerprint first = pets.load().fingerprint();
  const fs::path cache = pets.report.cache;
  EXPECT_EQ(pets.load().fingerprint(), first);
  EXPECT_FALSE(pets.report.decoded);

  // Touched, or taken elsewhere, it is the same content.
  fs::last_write_time(pets.root() / "train/cat/0.jpg", fs::file_time_type::clock::now());
  EXPECT_EQ(pets.load().fingerprint(), first);
  EXPECT_FALSE(pets.report.decoded);
  EXPECT_EQ(pets.report.cache, cache);
}

TEST(LoadPictures, NeverServesAChangedFile) {
  PictureFolder pets;
  const Dataset before = pets.load();
  // Same name, same size, same time of change as far as a program can set it.
  const fs::path file = pets.root() / "train/cat/1.png";
  const auto time = fs::last_write_time(file);
  Bytes bytes = png_bytes(plain_picture(23, 24, {9, 9, 9}));
  bytes.resize(fs::file_size(file));  // what follows a PNG's end is not read
  write_bytes(file, bytes);
  fs::last_write_time(file, time);
  const Dataset after = pets.load();
  EXPECT_NE(after.fingerprint(), before.fingerprint());
  EXPECT_TRUE(torch::all(after.images(1, 1) == 9).item<bool>());
  EXPECT_TRUE(torch::equal(after.images(2, 4), before.images(2, 4)));
}

TEST(LoadPictures, FindsTheCacheByTimesAloneOnceTheFilesHaveSettled) {
  PictureFolder pets;
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  const Fingerprint first = pets.load().fingerprint();
  std::vector<std::string> words;
  pets.on_progress = [&](const Progress& progress) { words.push_back(progress.what); };
  EXPECT_EQ(pets.load().fingerprint(), first);
  EXPECT_THAT(words, testing::IsEmpty()) << "no file is read, so there is nothing to tell of";
  damage(pets.root() / "train/cat/1.png", -20);
  expect_refusal([&] { pets.load(); }, {"train/cat/1.png"});
}

TEST(LoadPictures, ListsBadFilesInOneErrorAndLeavesThemOutWhereAsked) {
  PictureFolder pets;
  Bytes half = jpeg_bytes(ramp_picture(40, 40));
  half.resize(half.size() / 2);
  pets.put("train/cat/half.jpg", half);
  pets.put("train/cat/empty.png", {});
  pets.put("train/dog/text.jpg", {'h', 'e', 'l', 'l', 'o'});
  pets.put("train/dog/page.jpg", {'<', 'h', 't', 'm', 'l', '>'});
  expect_refusal([&] { pets.load(); },
                 {"found 4 of 10 bad", "train/cat/half.jpg: a truncated JPEG",
                  "train/cat/empty.png: an empty file", "train/dog/text.jpg: no picture at all",
                  "train/dog/page.jpg: text (a web page?)", "data.skip_bad=true"});
  EXPECT_EQ(pets.report.bad.size(), 4u);

  pets.skip_bad = true;
  const Dataset dataset = pets.load();
  EXPECT_FALSE(pets.report.decoded) << "what the failed call decoded is kept";
  EXPECT_EQ(dataset.size(), 6);
  EXPECT_EQ(pets.report.listed, 10);
  EXPECT_EQ(pets.report.used, 6);
  EXPECT_THAT(word_on(pets.report.bad, "train/cat/half.jpg"), HasSubstr("truncated"));

  PictureFolder clean;
  EXPECT_TRUE(torch::equal(dataset.images(), clean.load().images()));
  EXPECT_EQ(dataset.fingerprint(), clean.load().fingerprint());
}

TEST(LoadPictures, TakesNoErrorOfTheSystemForABadPicture) {
  PictureFolder pets;
  pets.skip_bad = true;
  // What is there can be looked at, and reading it fails.
  const fs::path failing = pets.root() / "train/dog/failing.jpg";
  fs::create_symlink("/proc/self/mem", failing);
  expect_system_error([&] { pets.load(); }, std::errc::io_error, {failing.string()});
  EXPECT_FALSE(fs::exists(pets.cache())) << "nothing of it is kept";
  fs::remove(failing);
  fs::copy_file(pets.root() / "train/dog/0.jpg", failing);
  EXPECT_EQ(pets.load().size(), 7);
  EXPECT_THAT(pets.report.bad, testing::IsEmpty());

  PictureFolder others;
  const ImageListing listing = others.list();
  const PictureOptions options{.side = 16, .skip_bad = true, .threads = 2, .cache = others.cache()};
  {
    const NoFileOpens limit;
    expect_system_error([&] { load_pictures("pets", listing, options); },
                        std::errc::too_many_files_open, {"train/cat/0.jpg"});
  }
  EXPECT_FALSE(fs::exists(others.cache()));
  EXPECT_EQ(load_pictures("pets", listing, options).size(), 6);
}

TEST(LoadPictures, TakesNoErrorOfTheSystemForADamagedCache) {
  PictureFolder pets;
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  pets.load();
  const ImageListing listing = pets.list();
  ImageReport report;
  const PictureOptions options{.side = 16, .cache = pets.cache(), .report = &report};
  {
    const NoFileOpens limit;
    expect_system_error([&] { load_pictures("pets", listing, options); },
                        std::errc::too_many_files_open, {pets.cache().string()});
  }
  load_pictures("pets", listing, options);
  EXPECT_FALSE(report.decoded);
  EXPECT_THAT(report.notes, testing::IsEmpty());
}

TEST(LoadPictures, ShowsTenBadFilesAndCountsTheRest) {
  PictureFolder pets;
  for (int k = 0; k < 13; ++k) {
    pets.put("train/cat/bad" + std::to_string(k) + ".jpg", {});
  }
  expect_refusal([&] { pets.load(); }, {"found 13 of 19 bad", "... and 3 more"});
}

TEST(LoadPictures, NotesMislabelledFilesAndUsesThem) {
  PictureFolder pets;
  pets.put("train/cat/named.png", jpeg_bytes(ramp_picture(21, 21)));
  const Bytes twin = png_bytes(ramp_picture(31, 22));
  pets.put("train/cat/twin.png", twin);
  pets.put("train/dog/copy.png", twin);
  EXPECT_EQ(pets.load().size(), 9);
  for (int again = 0; again < 2; ++again) {
    EXPECT_THAT(word_on(pets.report.notes, "train/cat/named.png"), HasSubstr("a JPEG by its"));
    EXPECT_THAT(word_on(pets.report.notes, "train/dog/copy.png"),
                HasSubstr("mislabelled? the same file as train/cat/twin.png"));
    EXPECT_EQ(pets.report.notes.size(), 2u);
    pets.load();
  }
}

TEST(LoadPictures, MakesADamagedCacheAnewAndSaysSo) {
  PictureFolder pets;
  const Fingerprint first = pets.load().fingerprint();
  const fs::path cache = pets.report.cache;
  const auto size = static_cast<std::int64_t>(fs::file_size(cache));
  // In the header, the labels, the fingerprints, the pixels, the report; and cut short.
  for (const std::int64_t place : {std::int64_t{20}, std::int64_t{4096}, std::int64_t{4150},
                                   size / 2, size - 5, std::int64_t{-1}}) {
    if (place < 0) {
      fs::resize_file(cache, static_cast<std::uintmax_t>(size / 2));
    } else {
      damage(cache, place);
    }
    EXPECT_THROW(check_image_cache(cache), std::runtime_error) << place;
    EXPECT_EQ(pets.load().fingerprint(), first) << place;
    EXPECT_TRUE(pets.report.decoded) << place;
    EXPECT_THAT(word_on(pets.report.notes, cache.string()), HasSubstr("made anew"));
    EXPECT_NO_THROW(check_image_cache(cache)) << place;
  }
}

TEST(LoadPictures, MakesACacheAnewThatLacksAnEntryOfItsMetadata) {
  PictureFolder pets;
  const Fingerprint first = pets.load().fingerprint();
  const fs::path cache = pets.report.cache;
  for (const std::string entry : {"tandem.format", "tandem.tables", "tandem.content"}) {
    Bytes bytes = read_bytes(cache);
    *std::ranges::search(bytes, entry).begin() = 'T';
    write_bytes(cache, bytes);
    EXPECT_EQ(pets.load().fingerprint(), first) << entry;
    EXPECT_TRUE(pets.report.decoded) << entry;
    EXPECT_THAT(word_on(pets.report.notes, cache.string()),
                HasSubstr("not a valid image cache: the metadata lacks '" + entry + "'"));
  }
}

TEST(LoadPictures, MakesACacheAnewWhoseMetadataOrTablesAreGarbled) {
  PictureFolder pets;
  const Fingerprint first = pets.load().fingerprint();
  const fs::path cache = pets.report.cache;
  // A letter of a value, of a key, of a tensor's name, dtype or shape; what is left is JSON.
  for (const std::string word :
       {"image-cache-1", "\"tandem.content\":\"", "\"tandem.tables\":\"", "__metadata__",
        "\"labels\"", "\"fingerprints\"", "\"sums\"", "\"images\"", "\"files\"", "\"report\"",
        "\"I64\"", "\"U8\"", "\"shape\":[6", "\"class_names\"", "\"bad\"", "\"notes\""}) {
    Bytes bytes = read_bytes(cache);
    const auto place = std::ranges::search(bytes, word);
    ASSERT_FALSE(place.empty()) << word;
    // The digit or letter that the word ends with, or the one after it.
    const bool quoted = word.ends_with(":\"");
    *(place.end() - (quoted ? 0 : word.back() == '"' ? 2 : 1)) = quoted ? 'x' : '7';
    write_bytes(cache, bytes);
    EXPECT_EQ(pets.load().fingerprint(), first) << word;
    EXPECT_TRUE(pets.report.decoded) << word;
    EXPECT_THAT(word_on(pets.report.notes, cache.string()), HasSubstr("made anew")) << word;
  }
}

TEST(LoadPictures, GoesOnWhereAnInterruptedRunWas) {
  PictureFolder pets;
  for (int k = 0; k < 30; ++k) {
    pets.put("train/cat/more" + std::to_string(k) + ".png",
             png_bytes(ramp_picture(160, 100 + static_cast<unsigned>(k))));
  }
  pets.on_progress = [](const Progress& progress) {
    if (progress.what.starts_with("decoded")) {
      throw Interrupted();
    }
  };
  EXPECT_THROW(pets.load(), Interrupted);
  pets.on_progress = {};
  std::size_t partial = 0;
  for (const auto& entry : fs::directory_iterator(pets.cache())) {
    partial += entry.path().extension() == ".partial" ? 1 : 0;
  }
  EXPECT_EQ(partial, 1u);
  const Dataset dataset = pets.load();
  PictureFolder same;
  for (int k = 0; k < 30; ++k) {
    same.put("train/cat/more" + std::to_string(k) + ".png",
             png_bytes(ramp_picture(160, 100 + static_cast<unsigned>(k))));
  }
  EXPECT_EQ(dataset.fingerprint(), same.load().fingerprint());
  EXPECT_NO_THROW(check_image_cache(pets.report.cache));
}

TEST(LoadPictures, TellsHowFarItHasComeOfReadingAndDecoding) {
  PictureFolder pets;
  std::vector<Progress> told;
  pets.on_progress = [&](const Progress& progress) { told.push_back(progress); };
  pets.load();
  ASSERT_GE(told.size(), 2u);
  for (std::size_t k = 1; k < told.size(); ++k) {
    EXPECT_GE(told[k].done, told[k - 1].done);
    EXPECT_EQ(told[k].total, told[0].total);
  }
  EXPECT_THAT(told.front().what, testing::EndsWith("of 6 pictures"));
  EXPECT_EQ(told.back().what, "decoded 6 of 6 pictures");
  EXPECT_EQ(told.back().share(), 1);
}

TEST(LoadPictures, WaitsForAnotherThatDecodesTheSame) {
  PictureFolder pets;
  pets.load();
  const fs::path cache = pets.report.cache, aside = pets.cache() / "aside";
  fs::rename(cache, aside);
  std::unique_ptr<Lease> held = Lease::take(cache.string() + ".lease");
  int waits = 0;
  pets.on_progress = [&](const Progress& progress) {
    if (progress.what.starts_with("waiting") && ++waits == 2) {  // the other one is done
      fs::rename(aside, cache);
      held.reset();
    }
  };
  EXPECT_EQ(pets.load().size(), 6);
  EXPECT_EQ(waits, 2);
  EXPECT_FALSE(pets.report.decoded);
  EXPECT_FALSE(fs::exists(cache.string() + ".partial"));
  EXPECT_FALSE(fs::exists(cache.string() + ".lease"));
}

TEST(LoadPictures, SaysWhereItCannotWrite) {
  PictureFolder pets;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto action = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 2000, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  expect_refusal([&] { pets.load(); }, {"cannot write", pets.cache().string(), "TANDEM_CACHE"});
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, action);
  EXPECT_TRUE(fs::is_empty(pets.cache()));

  fs::remove_all(pets.cache());
  write_bytes(pets.cache(), {1});
  expect_refusal([&] { pets.load(); }, {"cannot write", pets.cache().string()});
}

TEST(LoadPictures, RefusesWhereNothingIsLeft) {
  PictureFolder pets;
  pets.skip_bad = true;
  for (const ListedImage& image : pets.list().images) {
    pets.put(image.file, {});
  }
  expect_refusal([&] { pets.load(); }, {"found 6 of 6 bad", "no picture is left"});
}

TEST(ImageCacheFolder, IsWhatTheEnvironmentSays) {
  const auto restore = [](const char* name) {
    const char* value = std::getenv(name);
    return std::pair(std::string(name), value == nullptr ? std::string() : std::string(value));
  };
  const std::vector before = {restore("TANDEM_CACHE"), restore("XDG_CACHE_HOME"), restore("HOME")};
  ::setenv("HOME", "/home/cat", 1);
  ::unsetenv("XDG_CACHE_HOME");
  ::unsetenv("TANDEM_CACHE");
  EXPECT_EQ(image_cache_folder(), "/home/cat/.cache/tandem");
  ::setenv("XDG_CACHE_HOME", "/big", 1);
  EXPECT_EQ(image_cache_folder(), "/big/tandem");
  ::setenv("TANDEM_CACHE", "/bigger", 1);
  EXPECT_EQ(image_cache_folder(), "/bigger");
  for (const auto& [name, value] : before) {
    value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
  }
}

}  // namespace
}  // namespace tandem
