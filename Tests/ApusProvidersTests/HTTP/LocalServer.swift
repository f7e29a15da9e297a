import Apus
import Foundation

#if os(Linux)
    private let streamSocket = Int32(SOCK_STREAM.rawValue)
    private let noSignal = Int32(MSG_NOSIGNAL)
#else
    private let streamSocket = SOCK_STREAM
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

        var path: String { String(line.split(separator: " ").dropFirst().first ?? "") }
    }

    let port: Int
    private let socket: Int32
    private let seen = Guarded<[Request]>([])

    /// - Parameter answer: writes the answer; it returns whether the connection stays open.
    init(_ answer: @escaping @Sendable (Request, LocalConnection) -> Bool) throws {
        socket = Foundation.socket(AF_INET, streamSocket, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { [socket] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> UInt16? in
                guard bind(socket, pointer, size) == 0, listen(socket, 64) == 0 else { return nil }
                return getsockname(socket, pointer, &size) == 0
                    ? UnsafeRawPointer(pointer).load(as: sockaddr_in.self).sin_port : nil
            }
        }
        guard let port else { throw POSIXError(.EADDRNOTAVAIL) }
        self.port = Int(UInt16(bigEndian: port))
        let seen = Recorder(seen: { [weak self] request in self?.seen.withLock { $0.append(request) } })
        Thread.detachNewThread { [socket] in
            var count = 0
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                let number = count
                count += 1
                Thread.detachNewThread { LocalConnection(connection).serve(number, seen, answer) }
            }
        }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    var url: URL { URL(string: "http://127.0.0.1:\(port)")! }
    var requests: [Request] { seen.withLock { $0 } }

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
            let length =
                head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst(15).trimmingPrefix(" ")) } ?? 0
            while bytes.count < end.upperBound + length {
                guard let more = read() else { return }
                bytes += more
            }
            let request = LocalServer.Request(
                line: String(head.prefix { $0 != "\r\n" }), head: head,
                body: Array(bytes[end.upperBound..<end.upperBound + length]), connection: number)
            bytes.removeFirst(end.upperBound + length)
            recorder.seen(request)
            guard answer(request, self) else { return }
        }
    }
}
