#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "infra/ingest/importer.h"

// What people hand over: files, folders, standard input.
namespace kartei {

// Where it comes from.
struct Input {
  std::istream& in;
  std::filesystem::path folder;  // that relative paths are of; messages name them as given
  // Set in a service, which opens files for another process: its data directory, whose own files it
  // must not close. Nothing is opened either that may block it or mean its own descriptors.
  std::filesystem::path own = {};
};

// The bytes of a file, or of `input.in` for `-`. Throws the usage error when it cannot be read, and
// when it has more than a document may (codec::kJsonBytesMax): nothing here holds more of anything.
[[nodiscard]] std::string read_document(const std::string& path, const Input& input);

// Every file that `paths` name, in the order given; a folder means its *.json and *.jsonl files in
// name order, not those of folders in it. Throws the usage error when one of them is not there or
// cannot be read, so that nothing is imported half.
[[nodiscard]] std::vector<std::string> files_of(const std::vector<std::string>& paths,
                                                const Input& input);

// Hands over each document of a file, or of `input.in` for `-`, with its place, until `sink` says
// false. Communications and *.jsonl files are one document a line, blank lines aside. Anything else
// is one document, unless its first line is a whole one already. A file without any document is one
// empty document: the import refuses it, instead of passing over it in silence. Of a document that
// is too long only so much comes that the import refuses it as that; a line without an end throws
// the usage error. False: `sink` said so.
using ItemSink = std::function<bool(infra::ingest::Item)>;
[[nodiscard]] bool read_items(const std::string& file,
                              infra::ingest::Content content,
                              const Input& input,
                              const ItemSink& sink);

}  // namespace kartei
