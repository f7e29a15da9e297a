import Apus
import ApusAgents
import ApusTesting
import Foundation
import Testing

/// What the kit offers to those who test their agents.
@Suite struct KitTests {
    @Test func `assertions say what is the case instead`() async throws {
        let model = ScriptedModel([.call("weather", ["city": "Oslo", "days": 2]), .text("It is 4 degrees.")])
        let end = try await Agent("guide", model: model, tools: [Weather()]).run([.user("Oslo?")])
        #expect(
            end.failures(
                of: .called("weather", with: ["city": "Oslo"], times: 1), .neverCalled("send"), .withoutToolErrors,
                .answer(contains: "4 degrees"), .spent(within: Budget(turns: 2, toolCalls: 1, tokens: 1_000))) == [])
        #expect(
            end.failures(
                of: .called("weather", with: ["city": "Rome"]), .called("send"), .neverCalled("weather"),
                .called("weather", before: "send"), .answer(contains: "5"), .spent(within: Budget(turns: 1))) == [
                    #"weather is called with {"city":"Rome"}, but it is 0 times, of {"city":"Oslo","days":2}"#,
                    "send is called, but it is not; called are: weather",
                    #"weather is never called, but it is, with {"city":"Oslo","days":2}"#,
                    "weather is called before send, but send is not called",
                    #"the answer contains "5", but it is "It is 4 degrees.""#,
                    "no more is spent than the budget allows, but 2 of 1 turns",
                ])
    }

    @Test func `a simulated model takes its time and fails, the same for a seed`() throws {
        func course(_ seed: UInt64) throws -> String {
            try Simulator(seed: seed).run(limit: .seconds(3_600)) { environment in
                let trouble = ModelTrouble(failures: 0.4, cuts: 0.4)
                let script = ScriptedModel { _, _ in ChatResponse(.assistant("one two three four five"), finish: .stop)
                }
                let model = script.simulated(trouble, in: environment)
                var course = ""
                for _ in 0..<20 {
                    do {
                        let answer = try await model.stream(ChatRequest([.user("?")])) { _ in }
                        course += "\(answer.text.count) "
                    } catch let error as LLMError {
                        course += "\(error.code.rawValue)\(error.partial?.text.count ?? 0) "
                    }
                }
                return course + "\(environment.now().uptime)"
            }
        }
        let first = try course(1)
        #expect(try course(1) == first)
        #expect(try course(2) != first)
        #expect(first.contains("cutStream") && first.contains("23 "))
    }

    @Test(arguments: 0..<30) func `an agent with retries comes through what a network does to it`(seed: UInt64) throws {
        try Simulator(seed: seed).run(limit: .seconds(36_000)) { environment in
            let script = ScriptedModel([.call("weather", ["city": "Oslo"]), .text("4 degrees")])
            let retry = RetryPolicy.exponential(attempts: 30, first: .seconds(1))
            let model = script.simulated(ModelTrouble(failures: 0.5), in: environment)
                .retrying(retry, environment: environment)
            let weather = Weather()
            let agent = try Agent("guide", model: model, tools: [weather])
            let end = try await agent.run([.user("?")], on: GraphExecutor(environment: environment))
            #expect(end.failures(of: .called("weather", times: 1), .answer(contains: "4")) == [], "seed \(seed)")
            #expect(weather.cities.count == 1, "seed \(seed)")
        }
    }

    @Test func `a recording replays without a network, and holds no secrets`() async throws {
        let server = Answering()
        let redaction = CassetteRedaction { $0.replacing("Ada", with: "Somebody") }
        let recorder = RecordingTransport(server, redaction: redaction)
        let request = HTTPRequest(
            "POST", try #require(URL(string: "https://user:pw@api.test/v1?key=SECRET1&x=1")),
            headers: ["Authorization": "Bearer SECRET2"], body: Array(#"{"name":"Ada"}"#.utf8))
        for expected in ["first", "second"] {
            let body = try await recorder.send(request).body.collect(limit: 1_000)
            #expect(String(decoding: body, as: UTF8.self) == "\(expected) for Ada")
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "cassette-\(getpid()).json").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try recorder.cassette.write(to: file)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for secret in ["SECRET", "pw", "Ada", "crumb"] { #expect(!text.contains(secret), "\(secret)") }
        let replay = ReplayTransport(try Cassette(contentsOf: file), redaction: redaction)
        for expected in ["first", "second", "second"] {
            let answer = try await replay.send(request)
            #expect(answer.status == 201)
            #expect(answer.headers["X-Kind"] == "plain")
            let body = try await answer.body.collect(limit: 1_000)
            #expect(String(decoding: body, as: UTF8.self) == "\(expected) for Somebody")
        }
        var other = request
        other.body = []
        let error = await #expect(throws: HTTPError.self) { try await replay.send(other) }
        #expect(error?.description.contains("https://api.test/v1") == true)
    }

    @Test func `bytes that are no text come back as they were`() async throws {
        let bytes: [UInt8] = [0xFF, 0, 1, 0xC3]
        let recorder = RecordingTransport(Answering(bytes: bytes))
        let request = HTTPRequest("GET", try #require(URL(string: "http://api.test/")), body: bytes)
        _ = try await recorder.send(request).body.collect(limit: 100)
        let replay = ReplayTransport(recorder.cassette)
        #expect(try await replay.send(request).body.collect(limit: 100) == bytes)
    }
}

/// A server that counts.
private final class Answering: HTTPTransport {
    private let count = Guarded(0)
    private let bytes: [UInt8]?

    init(bytes: [UInt8]? = nil) { self.bytes = bytes }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        let words = Array("\(["first", "second"][min(1, number)]) for Ada".utf8)
        let chunks = bytes.map { [$0] } ?? [Array(words.dropLast(2)), Array(words.suffix(2))]
        return HTTPResponse(
            status: 201, headers: ["Set-Cookie": "crumb", "X-Kind": "plain"], body: HTTPBody(chunks: chunks))
    }
}
