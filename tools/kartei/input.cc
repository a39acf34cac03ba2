#include "tools/kartei/input.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <istream>
#include <string>
#include <string_view>
#include <utility>

#include "infra/codec/json.h"
#include "tools/kartei/answer.h"

namespace kartei {
namespace {

namespace fs = std::filesystem;
using infra::ingest::Content;
using infra::ingest::Item;

constexpr std::string_view kStandardInput = "-";

bool is_document_file(const fs::directory_entry& entry) {
  const std::string extension = entry.path().extension().string();
  return entry.is_regular_file() && (extension == ".json" || extension == ".jsonl");
}

std::vector<std::string> files_in(const std::string& folder, const Input& input) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator at{input.folder / folder, error};
       !error && at != fs::directory_iterator{};
       at.increment(error)) {
    if (is_document_file(*at)) files.push_back((fs::path{folder} / at->path().filename()).string());
  }
  if (error) decline_usage("cannot read the folder " + folder + ": " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

// A path that cannot be looked at is no folder; opening it says why.
bool is_folder(const std::string& path, const Input& input) {
  std::error_code error;
  return fs::is_directory(input.folder / path, error);
}

bool is_under(const fs::path& path, const fs::path& folder) {
  const auto [rest, other] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return rest == folder.end();
}

// Whether a service may open it for somebody else.
bool is_for_a_service(const fs::path& path, const fs::path& own) {
  std::error_code error;
  if (is_under(path, "/dev") || is_under(path, "/proc") || !fs::is_regular_file(path, error))
    return false;
  return !is_under(fs::canonical(path, error), fs::canonical(own, error)) && !error;
}

std::ifstream open(const std::string& path, const Input& input) {
  if (is_folder(path, input)) decline_usage(path + " is a folder, not a file");
  std::error_code missing;
  if (!input.own.empty() && fs::exists(input.folder / path, missing) &&
      !is_for_a_service(input.folder / path, input.own))
    decline_usage(path + " is no file that a service reads for others: hand it over as -");
  std::ifstream file{input.folder / path, std::ios::binary};
  if (!file) decline_usage("cannot read " + path);
  return file;
}

// Bytes beyond those that a document may have are the reason to refuse it, and one of them is
// enough.
constexpr std::size_t kBytesKept = infra::codec::kJsonBytesMax + 1;
// Of a line that is passed over because it is too long; behind them nobody waits for its end.
constexpr std::size_t kLineBytesMax = std::size_t{64} * 1024 * 1024;

// Bytes are taken from the buffer itself: a stream takes what a reader throws for the end.
int next_byte(std::istream& in) { return in.rdbuf()->sbumpc(); }
bool is_end(int byte) { return byte == std::char_traits<char>::eof(); }

// Adds the rest of it, as much as is kept.
void append_rest(std::istream& in, std::string& bytes) {
  while (bytes.size() < kBytesKept) {
    const int byte = next_byte(in);
    if (is_end(byte)) return;
    bytes += std::char_traits<char>::to_char_type(byte);
  }
}

// Lines of one input, with their numbers, each as much of it as is kept.
class Lines {
 public:
  Lines(std::istream& in, const std::string& file) : in_(in), file_(file) {}

  // False: there is no more.
  bool next() {
    bytes_.clear();
    std::size_t size = 0;
    for (int byte = next_byte(in_); !is_end(byte); byte = next_byte(in_)) {
      if (++size > kLineBytesMax) decline_endless();
      if (bytes_.size() < kBytesKept) bytes_ += std::char_traits<char>::to_char_type(byte);
      if (byte == '\n') break;
    }
    if (size > 0) ++number_;
    return size > 0;
  }
  // The same for one that is not blank.
  bool next_filled() {
    while (next()) {
      if (bytes_.find_first_not_of(" \t\r\n") != std::string::npos) return true;
    }
    return false;
  }
  // With the line break behind it.
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] Item item() const {
    std::string line = bytes_;
    if (line.ends_with('\n')) line.pop_back();
    return {file_, number_, std::move(line)};
  }

 private:
  [[noreturn]] void decline_endless() const {
    decline_usage("line " + std::to_string(number_ + 1) + " of " + file_ + " has no end within " +
                  std::to_string(kLineBytesMax) + " bytes; a document has " +
                  std::to_string(infra::codec::kJsonBytesMax) + " at most");
  }

  std::istream& in_;
  const std::string& file_;
  std::string bytes_;
  std::int64_t number_ = 0;
};

// Each of the lines that are left.
bool hand_over(Lines& lines, const ItemSink& sink) {
  while (lines.next_filled()) {
    if (!sink(lines.item())) return false;
  }
  return true;
}

bool read_items_of(std::istream& in,
                   const std::string& file,
                   Content content,
                   const ItemSink& sink) {
  Lines lines{in, file};
  if (content == Content::communications || fs::path{file}.extension() == ".jsonl") {
    if (!lines.next_filled()) return sink(Item{file, 0, ""});
    return sink(lines.item()) && hand_over(lines, sink);
  }
  // One document, unless the first line that is not blank is a whole one, with more behind it.
  std::string before;  // blank lines: where the document is wrong is counted from the beginning
  bool filled = false;
  while (!filled && before.size() < kBytesKept && lines.next()) {
    before += lines.bytes();
    filled = before.find_first_not_of(" \t\r\n") != std::string::npos;
  }
  if (filled && infra::codec::read_json(lines.bytes())) {
    const Item first = lines.item();
    if (!lines.next_filled()) return sink(Item{file, 0, std::move(before)});
    return sink(first) && sink(lines.item()) && hand_over(lines, sink);
  }
  append_rest(in, before);
  return sink(Item{file, 0, std::move(before)});
}

std::string document_of(std::istream& in, const std::string& path) {
  std::string bytes;
  append_rest(in, bytes);
  if (bytes.size() < kBytesKept) return bytes;
  decline_usage(path + " has more than " + std::to_string(infra::codec::kJsonBytesMax) +
                " bytes, the most that a document may have");
}

}  // namespace

std::string read_document(const std::string& path, const Input& input) {
  if (path == kStandardInput) return document_of(input.in, path);
  std::ifstream file = open(path, input);
  return document_of(file, path);
}

std::vector<std::string> files_of(const std::vector<std::string>& paths, const Input& input) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (path == kStandardInput) {
      files.push_back(path);
    } else if (is_folder(path, input)) {
      const std::vector<std::string> inside = files_in(path, input);
      files.insert(files.end(), inside.begin(), inside.end());
    } else {
      files.push_back(path);
    }
  }
  for (const std::string& file : files) {
    if (file != kStandardInput) static_cast<void>(open(file, input));
  }
  return files;
}

bool read_items(const std::string& file,
                Content content,
                const Input& input,
                const ItemSink& sink) {
  if (file == kStandardInput) return read_items_of(input.in, file, content, sink);
  std::ifstream opened = open(file, input);
  return read_items_of(opened, file, content, sink);
}

}  // namespace kartei
