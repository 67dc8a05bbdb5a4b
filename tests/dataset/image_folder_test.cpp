#include "image_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "expect_refusal.h"
#include "imagenet_parts.h"
#include "picture_folder.h"
#include "tandem/dataset/catalog.h"
#include "without_privileges.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> files_of(const ImageListing& listing) {
  std::vector<std::string> files;
  for (const ListedImage& image : listing.images) {
    files.push_back(image.file);
  }
  return files;
}

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

TEST(ImageFolder, ListsClassesAndPicturesByName) {
  PictureFolder pets;
  pets.put("train/ant/deep/down/B.JPEG", jpeg_bytes(ramp_picture(9, 9)));
  pets.put("train/ant/deep/a.PNG", png_bytes(ramp_picture(9, 9)));
  pets.put("train/ant/.hidden.png", {});
  pets.put("train/.git/x.png", {});
  const ImageListing listing = pets.list();
  EXPECT_THAT(listing.class_names, ElementsAre("ant", "cat", "dog"));
  EXPECT_THAT(files_of(listing),
              ElementsAre("train/ant/deep/a.PNG", "train/ant/deep/down/B.JPEG", "train/cat/0.jpg",
                          "train/cat/1.png", "train/cat/2.jpg", "train/dog/0.jpg",
                          "train/dog/1.png", "train/dog/2.jpg"));
  EXPECT_EQ(listing.images[2].label, 1);
  EXPECT_TRUE(listing.bad.empty());
}

TEST(ImageFolder, TakesValForTheTestSplitUnlessThereIsATest) {
  PictureFolder pets;
  EXPECT_THAT(files_of(pets.list(Split::kTest)), testing::Contains("val/cat/0.jpg"));
  pets.put("test/cat/x.jpg", {});
  pets.put("test/dog/y.jpg", {});
  EXPECT_THAT(files_of(pets.list(Split::kTest)), ElementsAre("test/cat/x.jpg", "test/dog/y.jpg"));
}

TEST(ImageFolder, SaysWhereFoldersAreExpected) {
  PictureFolder pets;
  fs::remove_all(pets.root() / "val");
  expect_refusal([&] { pets.list(Split::kTest); },
                 {pets.root().string(), "test or val beside train, found neither"});
  fs::remove_all(pets.root() / "train/dog");
  expect_refusal([&] { pets.list(); }, {"one folder of pictures per class, two at least; found 1"});
  fs::remove_all(pets.root() / "train");
  expect_refusal([&] { pets.list(); }, {(pets.root() / "train").string(), "found nothing"});
}

TEST(ImageFolder, RemarksOnWhatDoesNotFit) {
  PictureFolder pets;
  pets.put("train/stray.jpg", jpeg_bytes(ramp_picture(9, 9)));
  pets.put("train/cat/moving.gif", {1});
  pets.put("train/cat/notes.txt", {1});
  fs::create_directories(pets.root() / "train/eel");
  const ImageListing listing = pets.list();
  EXPECT_THAT(word_on(listing.bad, "train/stray.jpg"), HasSubstr("in no class's folder"));
  EXPECT_THAT(word_on(listing.bad, "train/cat/moving.gif"), HasSubstr("a gif file; JPEG and PNG"));
  EXPECT_THAT(word_on(listing.bad, "train/eel"), HasSubstr("without pictures"));
  EXPECT_THAT(word_on(listing.notes, "train/cat"), HasSubstr("1 file(s)"));
  EXPECT_EQ(listing.class_names.size(), 3u);

  pets.put("val/fox/0.jpg", {1});
  const ImageListing test = pets.list(Split::kTest);
  EXPECT_THAT(word_on(test.bad, "val/eel"), HasSubstr("a class of train only"));
  EXPECT_THAT(word_on(test.bad, "val/fox"), HasSubstr("a class that train does not have"));
  EXPECT_EQ(test.images.size(), 6u);
}

TEST(ImageFolder, FollowsLinksButNotRoundInCircles) {
  PictureFolder pets;
  const fs::path cat = pets.root() / "train/cat", dog = pets.root() / "train/dog";
  fs::create_directory_symlink(cat, cat / "again");
  fs::create_directory_symlink(pets.root(), cat / "root");
  fs::create_symlink(cat / "self.jpg", cat / "self.jpg");
  fs::create_symlink(cat / "nowhere", cat / "broken.jpg");
  fs::create_symlink(dog / "0.jpg", dog / "link.jpg");
  const ImageListing listing = pets.list();
  EXPECT_THAT(word_on(listing.bad, "train/cat/again"), HasSubstr("a circle"));
  EXPECT_THAT(word_on(listing.bad, "train/cat/root"), HasSubstr("a circle"));
  EXPECT_THAT(word_on(listing.bad, "train/cat/self.jpg"), HasSubstr("round in a circle"));
  EXPECT_THAT(word_on(listing.bad, "train/cat/broken.jpg"), HasSubstr("leads nowhere"));
  EXPECT_THAT(files_of(listing), testing::Contains("train/dog/link.jpg"));
}

TEST(ImageFolder, SaysWhatTheSystemSaysOfAFolderThatMayNotBeRead) {
  PictureFolder pets;
  const fs::path dog = pets.root() / "train/dog";
  fs::permissions(dog, fs::perms::none);
  fs::permissions(pets.root().parent_path(), fs::perms(0755));
  {
    const WithoutPrivileges permissions_hold;
    expect_system_error([&] { pets.list(); }, std::errc::permission_denied, {dog.string()});
    fs::path inside = dog / "deeper";
    expect_system_error([&] { list_image_folder(inside, Split::kTrain); },
                        std::errc::permission_denied, {inside.string()});
  }
  fs::permissions(dog, fs::perms(0755));
}

TEST(TinyImagenet, TakesClassesInTheOrderOfItsListAndLabelsFromItsAnnotations) {
  const TemporaryFolder folder;
  const fs::path& root = folder.path();
  write_text(root / "wnids.txt", "n2\nn1\nn3\n");
  write_text(root / "words.txt", "n1\tgoldfish, Carassius\nn2\tcrane\nn3\tcrane, machine\nn9\tx\n");
  for (const char* wnid : {"n1", "n2", "n3"}) {
    write_text(root / "train" / wnid / "images" / (std::string(wnid) + "_0.JPEG"), "");
    write_text(root / "train" / wnid / (std::string(wnid) + "_boxes.txt"), "");
  }
  write_text(root / "val/images/val_0.JPEG", "");
  write_text(root / "val/images/val_1.JPEG", "");
  write_text(root / "val/images/val_7.JPEG", "");
  write_text(
      root / "val/val_annotations.txt",
      "val_1.JPEG\tn1\t0\t0\t1\t1\nval_0.JPEG\tn3\t0\t0\t1\t1\nval_5.JPEG\tn2\t0\t0\t1\t1\n");

  const ImageListing train = list_tiny_imagenet(root, Split::kTrain);
  EXPECT_THAT(train.class_names, ElementsAre("crane (n2)", "goldfish", "crane (n3)"));
  EXPECT_THAT(files_of(train), ElementsAre("train/n2/images/n2_0.JPEG", "train/n1/images/n1_0.JPEG",
                                           "train/n3/images/n3_0.JPEG"));
  const ImageListing val = list_tiny_imagenet(root, Split::kTest);
  ASSERT_THAT(files_of(val), ElementsAre("val/images/val_0.JPEG", "val/images/val_1.JPEG"));
  EXPECT_EQ(val.images[0].label, 2);
  EXPECT_EQ(val.images[1].label, 1);
  EXPECT_THAT(word_on(val.bad, "val/images/val_7.JPEG"), HasSubstr("without a line"));
  EXPECT_THAT(word_on(val.bad, "val/images/val_5.JPEG"), HasSubstr("missing"));

  write_text(root / "words.txt", "n1\tgoldfish\n");
  expect_refusal([&] { list_tiny_imagenet(root, Split::kTrain); }, {"words.txt", "line for n2"});
}

TEST(Imagenette, NamesItsTenFolders) {
  const TemporaryFolder folder;
  for (const char* wnid : {"n01440764", "n02102040", "n02979186", "n03000684", "n03028079",
                           "n03394916", "n03417042", "n03425413", "n03445777", "n03888257"}) {
    write_text(folder.path() / "val" / wnid / "a.JPEG", "");
  }
  const ImageListing listing = list_imagenette(folder.path(), Split::kTest);
  EXPECT_EQ(listing.images.size(), 10u);
  EXPECT_EQ(listing.images[5].label, 5);
  EXPECT_EQ(listing.class_names[5], "French horn");
  EXPECT_THAT(listing.bad, testing::IsEmpty());
  fs::remove_all(folder.path() / "val/n03425413");
  expect_refusal([&] { list_imagenette(folder.path(), Split::kTest); }, {"n03425413"});
}

TEST(Catalog, RefusesASizeWhereImagesHaveTheirOwn) {
  for (const LoadOptions& options : {LoadOptions{.folder = "nowhere", .size = 32},
                                     LoadOptions{.folder = "", .skip_bad = true}}) {
    try {
      load_dataset("fashion-mnist", Split::kTrain, options);
      ADD_FAILURE() << "expected a std::invalid_argument";
    } catch (const std::invalid_argument& error) {
      EXPECT_THAT(error.what(), HasSubstr("fashion-mnist has images of 28 x 28"));
      EXPECT_THAT(error.what(), HasSubstr("image-folder, imagenette, tiny-imagenet"));
    }
  }
}

}  // namespace
}  // namespace tandem
