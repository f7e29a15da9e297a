#if canImport(CCurl)
    public import Apus
    import CCurl
    import Foundation

    /// Sends notices by mail, through a server that speaks SMTP, with libcurl.
    ///
    /// One mail has one thread of its own for as long as it takes, at most ``Server/timeout``; cancelling the task does not end it
    /// earlier.
    public struct MailChannel: NotificationChannel {
        /// Where mails are handed over.
        public struct Server: Sendable {
            public enum Security: Sendable, Hashable {
                /// TLS from the beginning, most often on port 465.
                case tls
                /// TLS after a command in the clear, most often on port 587. Without it nothing is sent.
                case startTLS
                /// None: for a server on the same machine.
                case none
            }

            public var host: String
            public var port: Int
            public var security: Security
            public var user: String?
            public var password: String?
            public var timeout: Duration = .seconds(30)

            public init(
                _ host: String, port: Int, security: Security, user: String? = nil, password: String? = nil
            ) {
                self.host = host
                self.port = port
                self.security = security
                self.user = user
                self.password = password
            }
        }

        private let server: Server
        private let from: String
        private let to: [String]
        private let environment: any Environment

        /// Throws ``MailDeliveryError`` for an address that is none.
        public init(
            from: String, to: [String], through server: Server, environment: any Environment = .live
        ) throws(MailDeliveryError) {
            for address in [from] + to where !MailMessage.isAddress(address) { throw .badAddress(address) }
            if to.isEmpty { throw .badAddress("") }
            self.from = from
            self.to = to
            self.server = server
            self.environment = environment
        }

        /// Throws ``MailDeliveryError`` if the server does not take it.
        public func send(_ notice: AlertNotice) async throws {
            let now = environment.now()
            let id = "\(RunID(from: environment).value)@\(from.split(separator: "@").last ?? "localhost")"
            let value = notice.value.map { "\nValue: \($0)" } ?? ""
            let message = MailMessage(
                from: from, to: to, subject: "[\(notice.severity.rawValue)] \(notice.text)",
                text: "\(notice.text)\nSince: \(notice.since.date.formatted(.iso8601))\(value)\n", date: now.date,
                id: id)
            let transfer = MailTransfer(server: server, from: from, to: to, bytes: message.bytes)
            let failure = await withCheckedContinuation { continuation in
                // It blocks, and the pool's threads are few.
                Thread.detachNewThread { continuation.resume(returning: transfer.perform()) }
            }
            if let failure { throw MailDeliveryError.notSent(failure) }
        }
    }

    extension MailChannel.Server: CustomStringConvertible, CustomReflectable {
        /// Without the password.
        public var description: String { "\(host):\(port)" }
        public var customMirror: Mirror { Mirror(self, children: []) }
    }
#endif

/// Why a mail was not sent.
public enum MailDeliveryError: Error, Sendable, Hashable, CustomStringConvertible {
    case badAddress(String)
    /// What the server or the connection to it said.
    case notSent(String)

    public var description: String {
        switch self {
        case .badAddress(let address): "\"\(address)\" is no address of a mail."
        case .notSent(let reason): "The mail was not sent: \(reason)."
        }
    }
}
