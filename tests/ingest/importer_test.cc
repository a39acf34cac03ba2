#include "infra/ingest/importer.h"

#include <gtest/gtest.h>

#include "infra/runtime/ids.h"

// How many documents become one transaction.
namespace {

using infra::ingest::Content;
using infra::ingest::Importer;

std::string contact(std::size_t number, std::size_t bytes) {
  const std::string id = std::to_string(number);
  return R"({"eventId":"0f8fad5b-d9cb-469f-a165-70867728950e","eventType":"email.sent",)"
         R"("timestamp":"2026-01-20T10:00:00Z","payload":{"email_id":)" +
         id + R"(,"patient_id":7,"email_data":{"body":")" + std::string(bytes, 'x') + R"("}}})";
}

// The sizes of the batches that so many contacts make, each with so many bytes of text.
std::vector<std::size_t> batches(std::size_t count, std::size_t bytes) {
  std::vector<std::size_t> sizes;
  infra::runtime::Ids ids;
  Importer importer{
      Content::communications, "import", ids, [&](auto submissions) {
        sizes.push_back(submissions.size());
        return std::vector<handling::Answer>(
            submissions.size(),
            handling::Done{patient::PatientId::numbered(7), {}, patient::Sequence{1}, {}});
      }};
  for (std::size_t number = 1; number <= count; ++number)
    importer.add({"-", static_cast<std::int64_t>(number), contact(number, bytes)});
  importer.finish();
  EXPECT_TRUE(importer.summary().refused.empty());
  return sizes;
}

TEST(Importer, SubmitsFiveHundredTogether) {
  EXPECT_EQ(batches(1'001, 10), (std::vector<std::size_t>{500, 500, 1}));
}

TEST(Importer, SubmitsFewerWhenTheyAreLarge) {
  constexpr std::size_t kLarge = Importer::kBatchBytesMax / 5;
  EXPECT_EQ(batches(7, kLarge), (std::vector<std::size_t>{5, 2}));
}

}  // namespace
