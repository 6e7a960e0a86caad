// SPDX-License-Identifier: Apache-2.0
// The C edge towards Linux: what the Glibc module leaves out, each with the reason it is here.
#pragma once
