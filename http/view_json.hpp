#pragma once

#include <evoke/read_model.hpp>

#include <string>

/// Documents and projections as JSON. Documents are spliced as they are stored.
namespace evoke::http {

/// `{"key":"c-1","changed":5,"document":{...}}`
void append_document(std::string& out, view_document const& one);
/// A change of a document, as in a feed: without `document` when it was deleted.
void append_change(std::string& out, view_change const& one);

void append_status(std::string& out, projection_status const& one);
void append_dead_letter(std::string& out, dead_letter const& one);

}  // namespace evoke::http
