import Apus
import ApusTesting
import Foundation
import Testing

@Suite struct ConfigurationTests {
    enum Mood: String, ConfigurationValue, CaseIterable { case calm, hasty }

    enum Settings {
        static let patience = ConfigurationKey(
            "hook.patience", default: Duration.seconds(5), wanted: "a duration above zero"
        ) { $0 > .zero }
        static let maxRetries = ConfigurationKey("hook.maxRetries", default: 3)
        static let token = ConfigurationKey("hook.token", default: Secret("none"))
        static let mood = ConfigurationKey("mood", default: Mood.calm)
    }

    /// A file that goes with its owner.
    private final class SettingsFile: Sendable {
        let url = FileManager.default.temporaryDirectory.appending(path: "apus-settings-\(UUID().uuidString).json")
        func write(_ text: String) throws { try Data(text.utf8).write(to: url) }
        deinit { try? FileManager.default.removeItem(at: url) }
    }

    private func all(_ configuration: Configuration) async throws {
        try await configuration.load(declaring: Settings.patience, Settings.maxRetries, Settings.token, Settings.mood)
    }

    @Test func `a later layer counts more than an earlier one`() async throws {
        let file = SettingsFile()
        let storage = MemoryStorage()
        try file.write(#"{"hook": {"patience": "7s", "maxRetries": 4}}"#)
        let configuration = Configuration(
            file: file.url, variables: ["APUS_HOOK_MAX_RETRIES": "6"], storage: storage)
        try await all(configuration)
        #expect(configuration[Settings.mood] == .calm)
        #expect(configuration[Settings.patience] == .seconds(7))
        #expect(configuration[Settings.maxRetries] == 6)
        try await configuration.store(Settings.maxRetries, 8)
        #expect(configuration[Settings.maxRetries] == 8)
        try configuration.override(Settings.maxRetries, with: 9)
        #expect(configuration[Settings.maxRetries] == 9)
        try configuration.override(Settings.maxRetries, with: nil)
        try await configuration.store(Settings.maxRetries, nil)
        #expect(configuration[Settings.maxRetries] == 6)
        #expect(configuration.entries.map(\.layer) == [.file, .environment, .defaults, .defaults])
    }

    @Test func `what is wrong is told at once, with layer, name and what is wanted`() async throws {
        let file = SettingsFile()
        try file.write(#"{"hook": {"patience": "0s", "patiense": 1}, "mood": "wild"}"#)
        let configuration = Configuration(file: file.url, variables: ["APUS_HOOK_MAX_RETRIES": "many"])
        let errors = await #expect(throws: ConfigurationErrors.self) { try await all(configuration) }?.errors ?? []
        #expect(
            errors == [
                ConfigurationError(.badValue, in: .file, name: "hook.patience"),
                ConfigurationError(.badValue, in: .file, name: "mood"),
                ConfigurationError(.unknownName, in: .file, name: "hook.patiense"),
                ConfigurationError(.badValue, in: .environment, name: "hook.maxRetries"),
            ])
        #expect(errors.first?.description.contains("a duration above zero, not \"0s\"") == true)
        #expect(errors.dropFirst().first?.description.contains("one of calm, hasty, not \"wild\"") == true)
        #expect(configuration[Settings.patience] == .seconds(5))
    }

    @Test func `a bad new value never takes the place of a good old one`() async throws {
        let file = SettingsFile()
        let storage = MemoryStorage()
        try file.write(#"{"hook": {"maxRetries": 4}}"#)
        let configuration = Configuration(file: file.url, variables: [:], storage: storage)
        try await configuration.store(Settings.patience, .seconds(9))
        try await all(configuration)
        try file.write(#"{"hook": {"maxRetries": "4.5"}}"#)
        try await storage.put(Array("-3".utf8), at: StorageKey("configuration", "hook.patience"))
        await #expect(throws: ConfigurationErrors.self) { try await all(configuration) }
        #expect(configuration[Settings.maxRetries] == 4)
        #expect(configuration[Settings.patience] == .seconds(9))
        try file.write("{")
        await #expect(throws: ConfigurationErrors.self) { try await all(configuration) }
        #expect(configuration[Settings.maxRetries] == 4)
        #expect(throws: ConfigurationError(.badValue, in: .override, name: "hook.patience")) {
            try configuration.override(Settings.patience, with: .zero)
        }
    }

    @Test func `changes are observed while running, each value once`() async throws {
        let storage = MemoryStorage()
        let configuration = Configuration(variables: [:], storage: storage)
        let other = Configuration(variables: [:], storage: storage)
        let following = LiveEnvironment().spawn { await configuration.follow(poll: .seconds(3_600)) }
        var values = configuration.values(of: Settings.maxRetries).makeAsyncIterator()
        #expect(await values.next() == 3)
        try await other.store(Settings.maxRetries, 5)
        #expect(await values.next() == 5)
        try await other.store(Settings.patience, .seconds(1))
        try await other.store(Settings.maxRetries, 6)
        #expect(await values.next() == 6)
        var refusals = configuration.refusals().makeAsyncIterator()
        try await storage.put(Array("\"x\"".utf8), at: StorageKey("configuration", "hook.maxRetries"))
        #expect(await refusals.next() == ConfigurationError(.badValue, in: .storage, name: "hook.maxRetries"))
        #expect(configuration[Settings.maxRetries] == 6)
        following.cancel()
        _ = await following.result
    }

    @Test func `a secret shows nowhere`() async throws {
        let word = "hunter2hunter2"
        let file = SettingsFile()
        let storage = MemoryStorage()
        try file.write(#"{"hook": {"token": "hunter2hunter2"}}"#)
        let configuration = Configuration(file: file.url, variables: [:], storage: storage)
        try await all(configuration)
        let secret = configuration[Settings.token]
        #expect(secret.reveal() == word)
        var texts = ["\(secret)", String(reflecting: secret), "\(configuration)", "\(configuration.entries)"]
        for value in [secret, [secret], ["a": secret], configuration, configuration.entries] as [Any] {
            var text = ""
            dump(value, to: &text)
            texts.append(text)
            texts.append("\(Mirror(reflecting: value).children.map { "\($0)" })")
        }
        texts.append(String(decoding: try JSONEncoder().encode([secret]), as: UTF8.self))
        texts.append(String(decoding: try JSONEncoder().encode(configuration.entries), as: UTF8.self))
        for text in texts { #expect(!text.contains("hunter2"), "\(text)") }
        try file.write(#"{"hook": {"token": ["hunter2hunter2"]}}"#)
        let errors = await #expect(throws: ConfigurationErrors.self) { try await all(configuration) }
        #expect(errors.map { "\($0)".contains("hunter2") } == false)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Secret].self, from: JSONEncoder().encode([secret]))
        }
        await #expect(throws: ConfigurationError(.secretRefused, in: .storage, name: "hook.token")) {
            try await configuration.store(Settings.token, Secret("other"))
        }
        let vault = Configuration(variables: [:], storage: storage, holdsSecrets: true)
        try await vault.store(Settings.token, Secret("other"))
        #expect(vault[Settings.token].reveal() == "other")
    }

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("1.5s", .milliseconds(1_500)), ("5m", .seconds(300)),
        ("2h", .seconds(7_200)), ("1d", .seconds(86_400)), ("-3s", .seconds(-3)), ("10us", .microseconds(10)),
    ])
    func `durations are read as people write them`(text: String, duration: Duration) {
        #expect(Duration(setting: .string(text)) == duration)
        #expect(duration < .zero || Duration(setting: duration.setting) == duration)
    }

    @Test func `what is no duration, number or list is refused`() {
        for text in ["", "s", "5", "5 s", "5w", "1e400s", "nan s"] { #expect(Duration(setting: .string(text)) == nil) }
        #expect(Duration(setting: 5) == .seconds(5))
        #expect(Int(setting: "5.5") == nil)
        #expect(Double(setting: "inf") == nil)
        #expect(Bool(setting: "maybe") == nil)
        #expect([Int](setting: "1, 2,3") == [1, 2, 3])
        #expect([Int](setting: "1, x") == nil)
        #expect(Int?(setting: .null) == .some(nil))
    }
}
