#pragma once

namespace infra::runtime {

// Lets this process open as many files and connections as whoever started it permits: the soft
// limit, often 1024 for the sake of old programs that call select(), becomes the hard one. Where
// that cannot be, the limit stays as it was.
void raise_open_files_limit();

}  // namespace infra::runtime
