import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct MailTests {
    @Test func `letters come in the order in which they were sent, and once`() async throws {
        let boxes = Mailboxes(in: MemoryStorage())
        for number in [1, 2, 2, 3, 1] {
            try await boxes.send(Letter("\(number)", from: "ada", to: "bob", id: "\(number)"))
        }
        #expect(try await boxes.count(at: "bob") == 3)
        let two = try await boxes.take(at: "bob", receipt: "r1", limit: 2)
        #expect(two.map(\.text) == ["1", "2"])
        #expect(try await boxes.take(at: "bob", receipt: "r1").map(\.text) == ["1", "2"])
        try await boxes.send(Letter("1", from: "ada", to: "bob", id: "1"))
        #expect(try await boxes.take(at: "bob", receipt: "r2").map(\.text) == ["3"])
        #expect(try await boxes.take(at: "bob", receipt: "r3").isEmpty)
    }

    @Test func `a box that is full takes no more`() async throws {
        let boxes = Mailboxes(in: MemoryStorage(), limit: 2)
        for number in 1...2 { try await boxes.send(Letter("x", from: "ada", to: "bob", id: "\(number)")) }
        await #expect(throws: MailError(.full, address: "bob")) {
            try await boxes.send(Letter("x", from: "ada", to: "bob", id: "3"))
        }
    }

    @Test(arguments: 0..<40) func `of many who send and take at once no letter is lost or doubled`(seed: UInt64) throws
    {
        try Simulator(seed: seed).run(limit: .seconds(600)) { environment in
            let boxes = Mailboxes(in: MemoryStorage(environment: environment), environment: environment)
            let got = try await withThrowingTaskGroup(of: [String].self) { group in
                for sender in 0..<4 {
                    group.addTask {
                        for number in 0..<5 {
                            let id = "\(sender)-\(number)"
                            let letter = Letter(id, from: "\(sender)", to: "box", id: id)
                            try await boxes.send(letter)
                            if number % 2 == 0 { try await boxes.send(letter) }
                        }
                        return []
                    }
                }
                for reader in 0..<2 {
                    group.addTask {
                        var got: [String] = []
                        for number in 0..<5 {
                            let receipt = "\(reader)-\(number)"
                            got += try await boxes.take(at: "box", receipt: receipt, limit: 3).map(\.text)
                        }
                        return got
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let rest = try await boxes.take(at: "box", receipt: "rest")
            let all = got + rest.map(\.text)
            #expect(all.count == 20, "seed \(seed)")
            #expect(Set(all).count == 20, "seed \(seed)")
            for sender in 0..<4 {
                let own = rest.map(\.text).filter { $0.hasPrefix("\(sender)-") }
                #expect(own == own.sorted(), "seed \(seed)")
            }
        }
    }

    @Test func `a run that waits for a letter is put away, and woken by it`() throws {
        try Simulator(seed: 9).run(limit: .seconds(600)) { environment in
            let storage = MemoryStorage(environment: environment)
            let engine = Engine(storage: storage, environment: environment)
            let boxes = Mailboxes(in: storage, environment: environment)
            let receiver = Guarded<RunID?>(nil)
            let bob = try Agent(
                AgentProfile("bob"), model: ScriptedModel([.call("wait_for_letters", [:]), .text("Thanks, Ada.")]),
                tools: ToolSet(bound: Mail(boxes, at: "bob", to: ["ada"]).tools()))
            let mail = Mail(boxes, at: "ada", to: ["bob"]) { letter in
                if let run = receiver.withLock({ $0 }) { try await engine.signal(run, Mail.signal, letter) }
            }
            let ada = try Agent(
                AgentProfile("ada"),
                model: ScriptedModel([
                    .call("send_letter", ["to": "carol", "text": "?"]),
                    .call("send_letter", ["to": "bob", "text": "Hello"]), .text("sent"),
                ]), tools: ToolSet(bound: mail.tools()))
            engine.register(bob.graph)
            engine.register(ada.graph)
            try await engine.working {
                let run = try await engine.start(bob.graph, from: AgentState("Wait."))
                receiver.withLock { $0 = run }
                while try await engine.status(of: run)?.status != .waiting {
                    try await environment.sleep(for: .seconds(1))
                }
                let sender = try await engine.start(ada.graph, from: AgentState("Write."))
                let sent = try await engine.value(of: sender, ada.graph)
                #expect(sent.messages.flatMap(\.toolResults).map(\.isError) == [true, false])
                let end = try await engine.value(of: run, bob.graph)
                #expect(end.messages.flatMap(\.toolResults).map(\.text) == ["From ada: Hello"])
                #expect(end.text == "Thanks, Ada.")
            }
        }
    }
}
