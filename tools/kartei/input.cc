#include "tools/kartei/input.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
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

std::string rest_of(std::istream& in) {
  // Not by <<, which takes what a reader throws for the end.
  return {std::istreambuf_iterator<char>{in}, {}};
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool read_lines(std::istream& in, const std::string& file, const ItemSink& sink) {
  std::int64_t number = 0;
  bool any = false;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (is_blank(line)) continue;
    any = true;
    if (!sink(Item{file, number, std::move(line)})) return false;
    line.clear();
  }
  return any || sink(Item{file, 0, ""});
}

// Whether the first line that is not blank is a whole document, with more lines behind it.
bool is_one_a_line(const std::string& bytes) {
  std::istringstream in{bytes};
  std::string line;
  while (std::getline(in, line) && is_blank(line)) {
  }
  const bool more =
      in.good() && !is_blank(std::string_view{bytes}.substr(static_cast<std::size_t>(in.tellg())));
  return more && infra::codec::read_json(line).has_value();
}

bool read_items_of(std::istream& in,
                   const std::string& file,
                   Content content,
                   const ItemSink& sink) {
  if (content == Content::communications || fs::path{file}.extension() == ".jsonl") {
    return read_lines(in, file, sink);
  }
  std::string bytes = rest_of(in);
  if (is_one_a_line(bytes)) {
    std::istringstream lines{bytes};
    return read_lines(lines, file, sink);
  }
  return sink(Item{file, 0, std::move(bytes)});
}

}  // namespace

std::string read_document(const std::string& path, const Input& input) {
  if (path == kStandardInput) return rest_of(input.in);
  std::ifstream file = open(path, input);
  return rest_of(file);
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
