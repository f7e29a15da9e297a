import Foundation
import OverdueRequestsKit
import Testing

@Suite struct DecisionRulesTests {
    @Test(arguments: [
        (0, 1, Decision.Action.skip), (0, 23, .skip), (1, 0, .remind), (7, 0, .remind), (7, 1, .escalate(level: 1)),
        (10, 0, .escalate(level: 1)), (10, 1, .escalate(level: 2)), (13, 1, .escalate(level: 3)),
        (18, 23, .escalate(level: 3)),
    ])
    func `lateness decides`(_ days: Int, _ hours: Int, _ action: Decision.Action) {
        let decision = decide(Samples.request(late: days, hours: hours))
        #expect(decision.action == action)
        #expect(decision.reasons.count == 1)
    }

    @Test(arguments: [
        (0, 5, Decision.Action.skip), (4, 0, .escalate(level: 1)), (8, 0, .escalate(level: 2)),
        (15, 0, .escalate(level: 3)),
    ])
    func `health and safety weigh one step more`(_ days: Int, _ hours: Int, _ action: Decision.Action) {
        let decision = decide(Samples.request(late: days, hours: hours, complaint: "Food Poisoning"))
        #expect(decision.action == action)
        #expect(decision.reasons.count == (action == .skip ? 1 : 2))
    }

    @Test func `reasons are for a person`() {
        let decision = decide(Samples.request(late: 4, hours: 9, complaint: "Food Poisoning"))
        #expect(
            decision.reasons == [
                "it is 4 days 9 hours late, no more than 7 days",
                "Food Poisoning is about health or safety, one step more",
            ])
    }

    @Test func `what was due before it was made is skipped with the reason`() throws {
        var request = Samples.request(late: 3)
        request.created = try LocalTime(isoForm: "2011-03-18")
        let decision = decide(request)
        #expect(decision.action == .skip)
        #expect(decision.reasons == ["it was due before it was made; mend the date"])
    }

    @Test(arguments: [Decision.Action.skip, .remind, .escalate(level: 2)])
    func `an action is one word or phrase in JSON`(_ action: Decision.Action) throws {
        let data = try JSONEncoder().encode([action])
        #expect(String(decoding: data, as: UTF8.self) == "[\"\(action)\"]")
        #expect(try JSONDecoder().decode([Decision.Action].self, from: data) == [action])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Decision.Action].self, from: Data(#"["shout"]"#.utf8))
        }
    }

    private func decide(_ request: ServiceRequest) -> Decision { Samples.decision(about: request) }
}
