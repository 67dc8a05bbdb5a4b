#include "peer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <system_error>

namespace tandem::bench {
namespace {

constexpr const char* kPython = "/usr/bin/python3";

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe to a peer");
  }
  return ends;
}

}  // namespace

Peer::Peer(const std::string& script, const std::vector<std::string>& arguments)
    : script_(TANDEM_BENCH_PEERS_DIR "/" + script) {
  std::vector<const char*> command{kPython, "-B", script_.c_str()};
  for (const std::string& argument : arguments) {
    command.push_back(argument.c_str());
  }
  command.push_back(nullptr);
  ::signal(SIGPIPE, SIG_IGN);  // a script that has ended is found by its missing answer
  const std::array<int, 2> requests = make_pipe();
  const std::array<int, 2> answers = make_pipe();
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(requests[0], STDIN_FILENO);
    ::dup2(answers[1], STDOUT_FILENO);
    ::execv(kPython, const_cast<char* const*>(command.data()));
    ::_exit(127);
  }
  ::close(requests[0]);
  ::close(answers[1]);
  requests_ = ::fdopen(requests[1], "w");
  answers_ = ::fdopen(answers[0], "r");
  if (process_ < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot start " + script_);
  }
}

Peer::~Peer() {
  std::fclose(requests_);  // the end of its input ends the script
  std::fclose(answers_);
  if (process_ > 0) {
    ::waitpid(process_, nullptr, 0);
  }
}

std::string Peer::ask(const std::string& request) {
  fmt::print(requests_, "{}\n", request);
  std::fflush(requests_);
  std::string answer;
  for (int letter = std::fgetc(answers_); letter != '\n'; letter = std::fgetc(answers_)) {
    if (letter == EOF) {
      throw std::runtime_error(fmt::format("{} ended at '{}'", script_, request));
    }
    answer += static_cast<char>(letter);
  }
  return answer;
}

double Peer::ask_number(const std::string& request) {
  const std::string answer = ask(request);
  double number = 0;
  const auto [rest, error] = std::from_chars(answer.data(), answer.data() + answer.size(), number);
  if (error != std::errc() || rest != answer.data() + answer.size()) {
    throw std::runtime_error(
        fmt::format("{}: asked '{}', expected a number, got '{}'", script_, request, answer));
  }
  return number;
}

}  // namespace tandem::bench
