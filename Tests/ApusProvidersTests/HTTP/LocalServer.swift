import Apus
import Foundation

#if os(Linux)
    private let noSignal = Int32(MSG_NOSIGNAL)
#else
    private let noSignal: Int32 = 0
#endif

/// A server on a free port of this machine, which answers each request with what a closure writes.
final class LocalServer: Sendable {
    struct Request: Sendable {
        var line: String
        var head: String
        var body: [UInt8]
        /// Which connection of this server it came over, from 0.
        var connection: Int

        var method: String { String(line.prefix { $0 != " " }) }
        var path: String { String(line.split(separator: " ").dropFirst().first ?? "") }

        /// The value of a header by its name in lower case.
        subscript(name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("\(name):") }
                .map { String($0.dropFirst(name.count + 1).trimmingPrefix(" ")) }
        }
    }

    let port: Int
    private let isClosing = Flag()
    private let seen = Guarded<[Request]>([])

    /// - Parameter answer: writes the answer; it returns whether the connection stays open.
    init(_ answer: @escaping @Sendable (Request, LocalConnection) -> Bool) throws {
        let (socket, port) = try LocalSocket.listening(queue: 64)
        self.port = port
        let isClosing = isClosing
        let seen = Recorder(seen: { [weak self] request in self?.seen.withLock { $0.append(request) } })
        Thread.detachNewThread {
            // It alone closes the socket: whoever listens next may be given the same number.
            defer { close(socket) }
            var count = 0
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                if isClosing.value.withLock({ $0 }) {
                    close(connection)
                    return
                }
                let number = count
                count += 1
                Thread.detachNewThread { LocalConnection(connection).serve(number, seen, answer) }
            }
        }
    }

    deinit {
        isClosing.value.withLock { $0 = true }
        // Wakes the thread.
        close(LocalSocket.connecting(to: port))
    }

    var url: URL { URL(string: "http://127.0.0.1:\(port)")! }
    var requests: [Request] { seen.withLock { $0 } }

    private final class Flag: Sendable { let value = Guarded(false) }

    struct Recorder: Sendable { var seen: @Sendable (Request) -> Void }
}

/// The server's end of one connection.
final class LocalConnection: Sendable {
    private let socket: Int32

    init(_ socket: Int32) { self.socket = socket }
    deinit { close(socket) }

    /// `false` once the other side is gone.
    @discardableResult func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, noSignal) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// Whether there is room to write, or comes to be in that many milliseconds.
    func canWrite(within time: Int32) -> Bool {
        var polled = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        return poll(&polled, 1, time) == 1
    }

    /// A whole answer.
    func answer(_ status: String = "200 OK", _ headers: [String] = [], _ body: String = "") -> Bool {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        return write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Returns once the other side has closed the connection.
    func waitUntilClosed() { _ = read() }

    private func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    fileprivate func serve(
        _ number: Int, _ recorder: LocalServer.Recorder, _ answer: (LocalServer.Request, LocalConnection) -> Bool
    ) {
        var bytes: [UInt8] = []
        let blank = Array("\r\n\r\n".utf8)
        while true {
            guard let end = bytes.firstRange(of: blank) else {
                guard let more = read() else { return }
                bytes += more
                continue
            }
            let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            var request = LocalServer.Request(
                line: String(head.prefix { $0 != "\r\n" }), head: head, body: [], connection: number)
            let length = request["content-length"].flatMap { Int($0) } ?? 0
            while bytes.count < end.upperBound + length {
                guard let more = read() else { return }
                bytes += more
            }
            request.body = Array(bytes[end.upperBound..<end.upperBound + length])
            bytes.removeFirst(end.upperBound + length)
            recorder.seen(request)
            guard answer(request, self) else { return }
        }
    }
}
