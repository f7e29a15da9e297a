import ApusAgents
import Testing

/// A list of hosts allows those hosts, and none that looks like one (S9).
@Suite struct HostListTests {
    private let policy: NetworkPolicy

    init() throws {
        policy = try NetworkPolicy(
            hosts: ["trusted.io", "*.example.org", "xn--e1afmkfd.example", "8.8.8.8", "2606:4700:4700::1111"],
            schemes: [.https])
    }

    @Test(arguments: [
        "https://trusted.io/", "https://TRUSTED.io", "https://trusted.io./", "https://trusted.io:443/a?b#c",
        "https://a.example.org/", "https://a.b.example.org./", "https://xn--a.example.org/",
        "https://xn--e1afmkfd.example/", "https://XN--E1AFMKFD.example/", "https://8.8.8.8/", "https://134744072/",
        "https://0x8.8.8.8/", "https://[2606:4700:4700::1111]/", "https://[2606:4700:4700:0:0::1111]/",
    ])
    func `a host that is listed is allowed in any spelling`(url: String) throws {
        try policy.check(WebAddress(url))
    }

    @Test(arguments: [
        "https://trusted.io.evil.com/", "https://trusted.iox/", "https://xtrusted.io/",
        "https://a.trusted.io/", "https://trusted.io.evil.com/", "https://trusted.io_/",
        "https://evil.com/trusted.io", "https://evil.com/?trusted.io", "https://evil.com/#trusted.io",
        "https://evil.com/@trusted.io", "https://evil.com?@trusted.io/", "https://evil.com#@trusted.io/",
        "https://trusted.io:8443/", "http://trusted.io/", "https://trusted/", "https://io/", "https://example.org/",
        "https://example.org.evil.com/", "https://aexample.org/", "https://a-example.org/", "https://.example.org/",
        "https://a.example.org.evil.com/", "https://xn--example-6q4fyliikhk162btq3b2zd4y2o.org/",
        "https://xn--trusted-c2a.io/", "https://xn--80ak6aa92e.example/", "https://trusted.i0/", "https://8.8.8.88/",
        "https://8.8.8/", "https://[::ffff:8.8.8.8]/", "https://[64:ff9b::8.8.8.8]/", "https://8.8.8.8.evil.com/",
        "https://[2606:4700:4700::1112]/", "https://0x7f.1/", "https://127.0.0.1/",
        "https://trusted.io@evil.com/", "https://trusted.io:443@evil.com/", "https://trusted.io%40evil.com/",
        "https://evil.com\\@trusted.io/", "https://evil.com\\.trusted.io/", "https://trusted.io\\.evil.com/",
        "https://trusted.io%2eevil.com/", "https://trusted.io%00.evil.com/", "https://trusted.io\0.evil.com/",
        "https://trusted.io .evil.com/", "https://trusted.io\t/", "https://tru\nsted.io/", "https:trusted.io/",
        "https:/trusted.io/", "https:///trusted.io/", "https:\\\\trusted.io/", "//trusted.io/", "trusted.io",
        "https://truѕted.io/", "https://trusted。io/", "https://trusted．io/", "https://ｔrusted.io/",
        "https://trusted\u{200D}.io/", "https://trusted\u{AD}.io/", "https://trusted.io\u{3002}evil.com/",
        "https://trusted.ıo/", "https://*.example.org/", "https://trusted..io/", "https://[trusted.io]/",
    ])
    func `what only looks like a host of the list is refused`(url: String) {
        #expect(throws: HTTPError.self) { try policy.check(WebAddress(url)) }
    }

    @Test(arguments: [
        "", "*", "*.", "https://trusted.io", "trusted.io:443", "trusted.io/", "a b", "*.*.org", "bücher.example",
        "*.1.2.3.4", "a..b", "%41.io",
    ])
    func `a list takes hosts and nothing else`(host: String) {
        #expect(throws: HTTPError.self) { try NetworkPolicy(hosts: [host]) }
    }

    @Test func `a list says how it was written`() throws {
        #expect(policy.hosts?.map(\.description).joined(separator: " ").contains("*.example.org") == true)
        #expect(try HostPattern("2606:4700::1").description == "[2606:4700::1]")
    }
}
