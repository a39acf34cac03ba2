#include <gtest/gtest.h>

#include <poll.h>
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <future>
#include <mutex>
#include <sstream>

#include "domain/core/broken.h"
#include "infra/control/frames.h"
#include "infra/control/listener.h"
#include "tests/projections/scratch_folder.h"

// Command lines that one process runs for another: what crosses, and who may be in whose way.
namespace {

using infra::control::Address;
using infra::control::call;
using infra::control::Called;
using infra::control::Caller;
using infra::control::Channel;
using infra::control::Kind;
using infra::control::Listener;
using infra::control::Nobody;

using infra::control::Start;
using infra::control::TooMany;
using infra::control::WentAway;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kHangingUpMilliseconds = 20'000;

// Something that one thread waits for and another brings about.
class Gate {
 public:
  void open() {
    const std::lock_guard lock{mutex_};
    open_ = true;
    changed_.notify_all();
  }
  [[nodiscard]] bool await() {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, seconds{60}, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

struct Heard {
  Called called;
  std::string out;
  std::string err;
  [[nodiscard]] int status() const {
    const int* status = std::get_if<int>(&called);
    return status == nullptr ? -1 : *status;
  }
};

class Control : public ::testing::Test {
 protected:
  void serve(Listener::Handle handle) { listener.emplace(folder.path(), std::move(handle)); }

  Heard ask(const Start& start, const std::string& in = "") {
    std::istringstream input{in};
    std::ostringstream out;
    std::ostringstream err;
    const Called called = call(folder.path(), start, input, out, err);
    return {called, out.str(), err.str()};
  }

  // A connection that says what it likes.
  Channel connect() {
    const Address address{folder.path()};
    Channel::Socket socket{context};
    socket.connect(address.endpoint());
    return Channel{std::move(socket)};
  }

  testing_projections::ScratchFolder folder;
  boost::asio::io_context context;
  std::optional<Listener> listener;
};

int echo(Caller& run) {
  run.out() << run.in().rdbuf();
  return 0;
}

TEST_F(Control, WhoeverAsksIsAnsweredAsIfItRanTheProgramItself) {
  serve([](Caller& run) {
    const Start& start = run.start();
    run.out() << start.folder.string() << ' ' << start.variables.at("KARTEI_X") << ' '
              << start.arguments.size() << ' ' << start.arguments.at(1) << ' ' << start.terminal;
    run.err() << "on the other one";
    return 7;
  });
  const std::string bytes("a\0\xff\n", 4);
  const Heard heard = ask({{"patient", bytes, ""}, {{"KARTEI_X", "a=b"}}, "/somewhere/else", true});
  EXPECT_EQ(heard.status(), 7);
  EXPECT_EQ(heard.out, "/somewhere/else a=b 3 " + bytes + " 1");
  EXPECT_EQ(heard.err, "on the other one");
}

TEST_F(Control, StandardInputCrossesWholeWhateverItsSize) {
  serve(echo);
  std::string bytes;
  for (int line = 0; line < 300'000; ++line) bytes += std::to_string(line) + '\n';
  EXPECT_TRUE(ask({}, bytes).out == bytes);
  EXPECT_EQ(ask({}).out, "");
}

TEST_F(Control, WhereNobodyListensThereIsNobody) {
  EXPECT_TRUE(std::holds_alternative<Nobody>(ask({}).called));
  std::ofstream{folder.path() / infra::control::kSocketName} << "no socket";
  EXPECT_TRUE(std::holds_alternative<Nobody>(ask({}).called));
  serve([](Caller&) { return 3; });
  EXPECT_EQ(ask({}).status(), 3) << "it takes the place of what was left";
  listener.reset();
  EXPECT_TRUE(std::holds_alternative<Nobody>(ask({}).called));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / infra::control::kSocketName));
}

TEST_F(Control, OnlyTheOwnerMayAsk) {
  serve(echo);
  struct stat status {};
  ASSERT_EQ(::stat((folder.path() / infra::control::kSocketName).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Control, ADirectoryMayHaveALongerNameThanASocketMay) {
  const auto deep = folder.path() / std::string(150, 'd');
  std::filesystem::create_directories(deep);
  const Listener there{deep, echo};
  std::istringstream input{"hello"};
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_TRUE(std::holds_alternative<int>(call(deep, {}, input, out, err)));
  EXPECT_EQ(out.str(), "hello");
}

TEST_F(Control, MoreThanMayRunTogetherAreToldSo) {
  Gate gate;
  std::atomic<std::size_t> running = 0;
  Gate all;
  serve([&](Caller&) {
    if (++running == Listener::kTogetherMax) all.open();
    return gate.await() ? 0 : 1;
  });
  std::vector<std::future<int>> callers;
  for (std::size_t caller = 0; caller < Listener::kTogetherMax; ++caller)
    callers.push_back(std::async(std::launch::async, [this] { return ask({}).status(); }));
  ASSERT_TRUE(all.await());
  EXPECT_TRUE(std::holds_alternative<TooMany>(ask({{std::string(500'000, 'x')}, {}, {}}).called));
  gate.open();
  for (auto& caller : callers) EXPECT_EQ(caller.get(), 0);
}

TEST_F(Control, WhoGoesAwayInTheMiddleOfItsInputHasNotSentAllOfIt) {
  std::promise<std::string> ended;
  serve([&](Caller& run) {
    try {
      static_cast<void>(std::string{std::istreambuf_iterator<char>{run.in()}, {}});
      ended.set_value("all of it");
    } catch (const core::Broken& broken) {
      ended.set_value(broken.what());
    }
    return 0;
  });
  {
    Channel channel = connect();
    ASSERT_TRUE(channel.send(Kind::run, ""));
    ASSERT_EQ(channel.receive()->kind, Kind::wants_input);
    ASSERT_TRUE(channel.send(Kind::input, "half of"));
    ASSERT_EQ(channel.receive()->kind, Kind::wants_input);
  }
  EXPECT_EQ(ended.get_future().get(), "whoever asked for this is gone");
}

TEST_F(Control, LongWorkIsLeftWhenItsCallerGoes) {
  std::promise<bool> left;
  serve([&](Caller& run) {
    try {
      const auto until = std::chrono::steady_clock::now() + seconds{60};
      while (std::chrono::steady_clock::now() < until) run.expect_wanted();
      left.set_value(false);
    } catch (const core::Broken& broken) {
      left.set_value(broken.kind() == core::Breakage::io);
    }
    return 0;
  });
  {
    Channel channel = connect();
    ASSERT_TRUE(channel.send(Kind::run, ""));
  }
  EXPECT_TRUE(left.get_future().get());
}

TEST_F(Control, AStopLetsWhatRunsAnswerAndTakesNobodyElse) {
  Gate begun;
  std::atomic<bool> answered = false;
  const std::string answer(20'000'000, 'x');  // Takes a while to cross.
  serve([&](Caller& run) {
    begun.open();
    try {
      while (true) run.expect_wanted();
    } catch (const core::Broken& broken) {
      run.err() << broken.what();
      run.out() << answer << std::flush;
      answered = true;
      return broken.kind() == core::Breakage::locked ? 6 : 1;
    }
  });
  auto caller = std::async(std::launch::async, [this] { return ask({}); });
  ASSERT_TRUE(begun.await());
  listener->stop(seconds{60});
  EXPECT_TRUE(answered) << "it does not wait for what runs";
  const Heard heard = caller.get();
  EXPECT_EQ(heard.status(), 6);
  EXPECT_TRUE(heard.out == answer);
  EXPECT_EQ(heard.err, "the service stops; what was done so far is kept, ask again");
  EXPECT_TRUE(std::holds_alternative<Nobody>(ask({}).called));
}

TEST_F(Control, AServiceThatGoesWithoutAnAnswerIsNoAnswer) {
  Gate begun;
  serve([&](Caller& run) {
    begun.open();
    try {
      static_cast<void>(std::string{std::istreambuf_iterator<char>{run.in()}, {}});
    } catch (const core::Broken&) {
    }
    return 0;
  });
  Channel channel = connect();  // That never sends the input that it is asked for.
  ASSERT_TRUE(channel.send(Kind::run, ""));
  ASSERT_TRUE(begun.await());
  listener->stop(milliseconds{10});
  listener.reset();
  while (auto frame = channel.receive()) EXPECT_NE(frame->kind, Kind::ended);
}

TEST_F(Control, GarbageIsHungUpOnAndNobodyElseNotices) {
  serve(echo);
  const auto expect_hung_up_on = [this](const std::string& bytes, bool ends) {
    Channel::Socket socket{context};
    const Address address{folder.path()};
    socket.connect(address.endpoint());
    boost::system::error_code error;
    socket.send(boost::asio::buffer(bytes), {}, error);
    if (ends) socket.shutdown(Channel::Socket::shutdown_send, error);
    pollfd what{.fd = socket.native_handle(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&what, 1, kHangingUpMilliseconds), 1) << "it waits for more";
    Channel channel{std::move(socket)};
    EXPECT_FALSE(channel.receive());
    EXPECT_EQ(ask({}, "still here").out, "still here");
  };
  for (const std::string& bytes : {std::string{"GET / HTTP/1.1\r\n\r\n"},
                                   std::string(100'000, '\xff'),
                                   std::string("z\0\0\0\0", 5),
                                   std::string("v\0\0\0\1x", 6)})
    expect_hung_up_on(bytes, false);
  expect_hung_up_on(std::string("a\0\0\0\5ab", 7), true);
}

}  // namespace
