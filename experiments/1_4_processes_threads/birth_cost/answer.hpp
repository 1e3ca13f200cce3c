// The work that everybody does: so little that what is left is the birth.
#pragma once

namespace two_cakes {

inline constexpr int kQuestions = 200;  // 1 to 200: the answer must fit into an exit code

constexpr int answer_to(int question) { return question + 1; }

}  // namespace two_cakes
