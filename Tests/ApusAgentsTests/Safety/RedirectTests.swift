import ApusAgents
import Foundation
import Testing

/// A redirect leads nowhere that its request could not have gone, and takes no credentials along (S8).
@Suite struct RedirectTests {
    private static let start = URL(string: "https://start.example/a/b?c")!

    private static func request(_ method: String = "GET", _ headers: HTTPHeaders = [:], body: String = "")
        -> HTTPRequest
    {
        HTTPRequest(method, start, headers: headers, body: Array(body.utf8), policy: .publicInternet)
    }

    @Test(arguments: [
        "https://127.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/", "https://2130706433/",
        "//10.0.0.1/", "//[::ffff:192.168.0.1]/", "https://0x7f.1:443/", "https://[fd00:ec2::254]/",
        "https://public.example:8443/", "https://[64:ff9b::7f00:1]/", "https://me@127.0.0.1/", "ftp://127.0.0.1/",
        "file:///etc/passwd", "gopher://127.0.0.1:70/_x", "javascript:alert(1)", "https://", "https:127.0.0.1",
        "http://public.example/", "http://start.example/", "//start.example:80@127.0.0.1/", "\\\\127.0.0.1/",
        "https://a.example/, https://b.example/", "https://a.example/\r\nhost: b", "///127.0.0.1/", "/\\127.0.0.1/",
        "http:/127.0.0.1/", "https://①②⑦.0.0.1/",
    ])
    func `no hop leads where the policy does not allow, the first as little as the third`(location: String) async throws
    {
        for before in 0..<3 {
            let transport = AnsweringTransport { request in
                let hop = Int(request.url.lastPathComponent) ?? 0
                return .redirect(to: hop == before ? location : "https://hop.example/\(hop + 1)")
            }
            await #expect(throws: HTTPError.self, "\(before)") {
                try await transport.send(Self.request(), following: 5)
            }
            #expect(transport.requests.count == before + 1)
            #expect(transport.requests.allSatisfy { $0.url.host()?.hasSuffix(".example") == true })
        }
    }

    @Test func `another origin gets no header that could be a credential`() throws {
        let secrets: HTTPHeaders = [
            "Authorization": "Bearer s", "Cookie": "s", "Proxy-Authorization": "s", "X-Api-Key": "s", "Token": "s",
            "X-Amz-Security-Token": "s", "Idempotency-Key": "s", "X-Anything": "s",
        ]
        var headers = secrets
        headers["accept"] = "text/html"
        headers["user-agent"] = "Apus"
        for other in [
            "https://other.example/", "//start.example:444/", "https://sub.start.example/", "https://example/",
        ] {
            let next = try #require(try Self.request("GET", headers).redirected(by: 302, to: other))
            #expect(next.headers == ["accept": "text/html", "user-agent": "Apus"], "\(other)")
        }
        for same in ["/b", "c", "?d", "//start.example/", "https://START.example.:443/x"] {
            #expect(try Self.request("GET", headers).redirected(by: 302, to: same)?.headers == headers, "\(same)")
        }
    }

    @Test func `methods change as the Fetch standard has it, and a body goes to no other origin`() throws {
        for (status, method, next) in [
            (301, "POST", "GET"), (302, "POST", "GET"), (303, "POST", "GET"), (303, "PUT", "GET"),
            (303, "HEAD", "HEAD"),
            (301, "PUT", "PUT"), (302, "DELETE", "DELETE"), (307, "POST", "POST"), (308, "PUT", "PUT"),
            (301, "HEAD", "HEAD"),
            (307, "GET", "GET"),
        ] {
            let before = Self.request(method, ["content-type": "text/plain", "content-language": "en"], body: "x")
            let after = try #require(try before.redirected(by: status, to: "/next"))
            #expect(after.method == next, "\(status) \(method)")
            let isKept = method == next
            #expect(after.body.isEmpty != isKept, "\(status) \(method)")
            #expect((after.headers["content-type"] == nil) != isKept, "\(status) \(method)")
        }
        for status in [307, 308] {
            #expect(throws: HTTPError.self) {
                try Self.request("POST", body: "x").redirected(by: status, to: "https://other.example/")
            }
        }
        #expect(try Self.request("POST", body: "x").redirected(by: 303, to: "https://other.example/")?.method == "GET")
    }

    @Test func `what is no redirect is the answer, and there is an end to them`() async throws {
        for status in [200, 204, 300, 304, 305, 306, 309, 404] {
            #expect(try Self.request().redirected(by: status, to: "/x") == nil)
        }
        #expect(try Self.request().redirected(by: 302, to: nil) == nil)
        let endless = AnsweringTransport { _ in .redirect(to: "/again") }
        await #expect(throws: HTTPError.self) { try await endless.send(Self.request(), following: 4) }
        #expect(endless.requests.count == 5)
        let away = AnsweringTransport { _ in .redirect(to: "https://other.example/") }
        let answer = try await away.send(Self.request(), following: 4, acrossOrigins: false)
        #expect(answer.response.status == 302)
        #expect(away.requests.count == 1)
    }

    @Test(arguments: [
        ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d?y"), ("g?y", "/b/c/g?y"),
        ("#s", "/b/c/d?q"), ("g#s", "/b/c/g"), ("", "/b/c/d?q"), (".", "/b/c/"), ("./", "/b/c/"), ("..", "/b/"),
        ("../", "/b/"), ("../g", "/b/g"), ("../..", "/"), ("../../g", "/g"), ("../../../g", "/g"),
        ("g/./h", "/b/c/g/h"),
        ("g/../h", "/b/c/h"), ("g?y/./x", "/b/c/g?y/./x"), ("g;x=1/../y", "/b/c/y"), ("g:h/../i", ""),
    ])
    func `a reference is resolved as RFC 3986 has it`(reference: String, target: String) throws {
        let base = try WebAddress("http://a/b/c/d?q")
        let found = try? base.resolving(reference)
        #expect(found?.target == (target.isEmpty ? nil : target))
        #expect(found == nil || found?.host == base.host)
    }
}
