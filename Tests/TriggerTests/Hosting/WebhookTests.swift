import Apus
import ApusTesting
import Testing

@Suite struct WebhookTests {
    private struct Order: GraphState { var number = 0 }

    private static let secret = Array("It's a Secret to Everybody".utf8)

    /// The answers to requests, and how many runs they have started.
    private func answers(
        to requests: [WebhookRequest], policy: TriggerPolicy = TriggerPolicy(), check: WebhookCheck = .none
    ) throws -> (statuses: [Int], started: Int) {
        try Simulator(seed: 3).run { environment in
            var options = WebhookTrigger.Options()
            options.check = check
            options.limit = 100
            let hook = WebhookTrigger("orders", options, environment: environment)
            let graph = try Graph<Order>("order") { g in
                let pack = g.node("pack") { _, context in try await context.sleep(for: .seconds(5)) }
                g.start(at: pack)
            }
            let engine = Engine(storage: MemoryStorage(environment: environment), environment: environment)
            engine.add(hook, policy: policy, starting: graph) { try $0.payload.decode(as: Order.self) }
            let unready = await hook.handle(WebhookRequest())
            // It is not hosted yet, which only the genuine learn.
            #expect(unready.status == 401 || unready.status == 503 && unready.headers["retry-after"] == "1")
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await engine.run() }
                try await environment.sleep(for: .milliseconds(100))
                var statuses: [Int] = []
                for request in requests { statuses.append(await hook.handle(request).status) }
                let started = try await engine.triggers().first?.started ?? 0
                group.cancelAll()
                return (statuses, started)
            }
        }
    }

    private func order(_ number: Int, key: String? = nil) -> WebhookRequest {
        WebhookRequest(headers: key.map { ["idempotency-KEY": $0] } ?? [:], body: Array(#"{"number":\#(number)}"#.utf8))
    }

    @Test func `a request starts a run, and the same one again does not`() throws {
        let answers = try answers(to: [order(1, key: "a"), order(1, key: "a"), order(2, key: "b"), order(3), order(3)])
        #expect(answers.statuses == [202, 200, 202, 202, 202])
        #expect(answers.started == 4)
    }

    @Test func `what can't be taken is refused with its reason`() throws {
        let requests = [
            WebhookRequest(method: "GET"), WebhookRequest(body: Array(repeating: 0x20, count: 101)),
            WebhookRequest(body: Array("no order".utf8)), order(1),
        ]
        let answers = try answers(to: requests)
        #expect(answers.statuses == [405, 413, 422, 202])
        #expect(answers.started == 1)
    }

    @Test func `a policy that drops says when to come again`() throws {
        let answers = try answers(to: [order(1), order(2)], policy: TriggerPolicy(overlap: .skip))
        #expect(answers.statuses == [202, 429])
    }

    /// The secret, the text and the signature of GitHub's documentation, "Validating webhook deliveries".
    @Test func `a signature is checked`() throws {
        let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        let body = Array("Hello, World!".utf8)
        let genuine = WebhookRequest(headers: ["x-hub-signature-256": signature], body: body)
        var forged = genuine
        forged.body[0] ^= 1
        let answers = try answers(to: [genuine, forged, WebhookRequest(body: body)], check: .hmac(Self.secret))
        #expect(answers.statuses == [422, 401, 401])
    }
}
