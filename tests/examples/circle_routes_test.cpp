#include "circles/circle_routes.hpp"

#include "circles/circle.hpp"
#include "circles/circle_view.hpp"
#include "served_domain.hpp"

#include <algorithm>

namespace {

using circles::circle;

class circles_service : public tests::served_domain {
 public:
  circles_service() : served_domain(types(), [](evoke::runtime& served) { return circles::circle_routes(served, "1.2.3"); }) {}

  replay::http_reply post(std::string const& json) { return served_domain::post("/circle", json); }
  replay::http_reply put(std::string const& id, std::string const& json) { return served_domain::put("/circle/" + id, json); }

  /// @returns the id of a new circle "football" of 20.
  std::string football() {
    auto const reply = post(R"({"circle_name":"football","capacity":20})");
    REQUIRE(reply.status == 201);
    return reply.body.substr(std::string(R"({"circle_id":")").size(), 36);
  }

 private:
  static evoke::registry types() {
    evoke::registry made;
    REQUIRE(made.add(evoke::define<circle>()));
    REQUIRE(made.add(evoke::define_projection<circles::circle_view>()));
    return made;
  }
};

std::string shown(std::string const& id, std::string const& rest) {
  return R"({"circle_id":")" + id + R"(",)" + rest + "}";
}

TEST_CASE("circles: the version of the service is plain text") {
  circles_service service;
  auto const reply = service.get("/version");
  CHECK(reply.status == 200);
  CHECK(reply.body == "1.2.3");
}

TEST_CASE("circles: creating one answers 201 with an id of 36 characters, another each time") {
  circles_service service;
  auto const reply = service.post(R"({"circle_name":"football","capacity":20})");
  CHECK(reply.status == 201);
  CHECK(reply.body.size() == std::string(R"({"circle_id":""})").size() + 36);
  CHECK(service.football() != service.football());
}

TEST_CASE("circles: what was created is shown with its version") {
  circles_service service;
  auto const id = service.football();
  auto const reply = service.get("/circle/" + id);
  CHECK(reply.status == 200);
  CHECK(reply.body == shown(id, R"("circle_name":"football","capacity":20,"version":1)"));
}

TEST_CASE("circles: the example of created, updated, updated ends at version 3") {
  circles_service service;
  auto const id = service.football();
  auto const first = service.put(id, R"({"capacity":30,"version":1})");
  CHECK(first.status == 200);
  CHECK(first.body == R"({"circle_id":")" + id + R"("})");
  CHECK(service.put(id, R"({"circle_name":"baseball","capacity":40,"version":2})").status == 200);
  CHECK(service.get("/circle/" + id).body == shown(id, R"("circle_name":"baseball","capacity":40,"version":3)"));
}

TEST_CASE("circles: an update without a change answers 200 and leaves the version") {
  circles_service service;
  auto const id = service.football();
  CHECK(service.put(id, R"({"version":1})").status == 200);
  CHECK(service.put(id, R"({"circle_name":"football","capacity":20,"version":1})").status == 200);
  CHECK_THAT(service.get("/circle/" + id).body, Catch::Contains(R"("version":1)"));
}

TEST_CASE("circles: a version that differs is 409 before any rule") {
  circles_service service;
  auto const id = service.football();
  for (auto const* body : {R"({"capacity":30,"version":2})", R"({"capacity":30,"version":0})", R"({"capacity":1,"version":7})"}) {
    INFO(body);
    auto const reply = service.put(id, body);
    CHECK(reply.status == 409);
    CHECK_THAT(reply.body, Catch::Contains(R"("current_version":1)"));
  }
  CHECK_THAT(service.get("/circle/" + id).body, Catch::Contains(R"("capacity":20)"));
}

TEST_CASE("circles: an unknown one is 404, also with version 0 and before any rule") {
  circles_service service;
  CHECK(service.get("/circle/none").status == 404);
  for (auto const* body : {R"({"capacity":30,"version":0})", R"({"capacity":30,"version":1})", R"({"capacity":1,"version":1})"}) {
    INFO(body);
    CHECK(service.put("none", body).status == 404);
  }
}

TEST_CASE("circles: a broken rule is 400 and says which") {
  circles_service service;
  auto const id = service.football();
  auto const small = service.put(id, R"({"capacity":2,"version":1})");
  CHECK(small.status == 400);
  CHECK_THAT(small.body, Catch::Contains("Circle capacity must be 3 or more") && Catch::Contains("rejection#capacity_too_small"));
  CHECK(service.put(id, R"({"circle_name":" ","version":1})").status == 400);
  CHECK(service.post(R"({"circle_name":"tea","capacity":2})").status == 400);
}

TEST_CASE("circles: what is not the documented body is 400") {
  circles_service service;
  auto const id = service.football();
  for (auto const* body : {"", "{", "[]", R"({"capacity":30})", R"({"capacity":40000,"version":1})", R"({"capacity":30.5,"version":1})",
                           R"({"capacity":30,"version":-1})", R"({"size":30,"version":1})"}) {
    INFO(body);
    CHECK(service.put(id, body).status == 400);
  }
  CHECK(service.post(R"({"circle_name":"tea"})").status == 400);
  CHECK(service.post(R"({"circle_name":"tea","capacity":32768})").status == 400);
}

TEST_CASE("circles: an id that cannot be one is 400") {
  circles_service service;
  CHECK(service.get("/circle/%20x").status == 400);
}

TEST_CASE("circles: whoever has just created or changed one sees it in the list") {
  circles_service service;
  CHECK(service.get("/circle").body == "[]");
  for (int i = 0; i < 20; ++i) {
    auto const id = service.football();
    CHECK_THAT(service.get("/circle").body, Catch::Contains(shown(id, R"("circle_name":"football","capacity":20,"version":1)")));
    CHECK(service.put(id, R"({"capacity":30,"version":1})").status == 200);
    CHECK_THAT(service.get("/circle").body, Catch::Contains(shown(id, R"("circle_name":"football","capacity":30,"version":2)")));
  }
}

TEST_CASE("circles: the list leads from page to page") {
  circles_service service;
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(service.football());
  std::ranges::sort(ids);
  auto const first = service.get("/circle?limit=2");
  CHECK_THAT(first.body, Catch::Contains(ids[0]) && Catch::Contains(ids[1]) && !Catch::Contains(ids[2]));
  REQUIRE_THAT(first.link, Catch::EndsWith("&limit=2>; rel=\"next\""));
  auto const second = service.get(first.link.substr(1, first.link.find('>') - 1));
  CHECK_THAT(second.body, Catch::Contains(ids[2]) && !Catch::Contains(ids[1]));
  CHECK(second.link.empty());
  CHECK(service.get("/circle?limit=0").status == 400);
  CHECK(service.get("/circle?cursor=x").status == 400);
}

}  // namespace
