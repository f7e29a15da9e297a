#if canImport(CCurl)
    import Apus
    import CCurl
    import Foundation

    /// The thread that alone touches curl, and the letter box in which it is told what to do.
    final class CurlLoop: Sendable {
        enum Order: Sendable {
            case start(Int, CurlRequest)
            /// The reader has drawn what waited for him.
            case resume(Int)
            case stop(Int)
        }

        private struct Letterbox: Sendable {
            var orders: [Order] = []
            var count = 0
            var isClosing = false
            /// What to wake; `nil` once the thread has ended.
            var multi: CurlMulti?
        }

        private let letterbox: Guarded<Letterbox>

        init(_ options: CurlOptions) {
            let multi = CurlMulti(connections: options.connections)
            letterbox = Guarded(Letterbox(multi: multi))
            let thread = Thread { [self] in
                CurlWorker(multi, options).work(for: self)
                // Whoever comes now finds nothing to wake.
                letterbox.withLock { $0.multi = nil }
                multi.free()
            }
            thread.name = "Apus curl"
            thread.start()
        }

        func nextID() -> Int {
            letterbox.withLock { letterbox in
                letterbox.count += 1
                return letterbox.count
            }
        }

        func order(_ order: Order) {
            letterbox.withLock { letterbox in
                guard let multi = letterbox.multi else { return }
                letterbox.orders.append(order)
                multi.wake()
            }
        }

        /// What is under way still ends by itself.
        func close() {
            letterbox.withLock { letterbox in
                letterbox.isClosing = true
                letterbox.multi?.wake()
            }
        }

        /// What came since the last call, and whether no more transfers will be started.
        func take() -> (orders: [Order], isClosing: Bool) {
            letterbox.withLock { letterbox in
                defer { letterbox.orders = [] }
                return (letterbox.orders, letterbox.isClosing)
            }
        }
    }

    /// Curl's handle for many transfers.
    struct CurlMulti: @unchecked Sendable {
        // Invariant: others than the loop's thread only wake it, which curl allows, and only until it is freed.
        fileprivate let handle: UnsafeMutableRawPointer

        private static let isReady = ccurl_start() == CURLE_OK

        init(connections: Int) {
            guard Self.isReady, let handle = curl_multi_init() else { preconditionFailure("curl can't be set up") }
            self.handle = handle
            // A transfer that rests would hold up others on its connection.
            ccurl_multi_set_number(handle, CURLMOPT_PIPELINING, 0)
            ccurl_multi_set_number(handle, CURLMOPT_MAX_HOST_CONNECTIONS, max(1, connections))
            ccurl_multi_set_number(handle, CURLMOPT_MAXCONNECTS, max(1, connections))
        }

        func wake() { curl_multi_wakeup(handle) }

        fileprivate func free() { curl_multi_cleanup(handle) }
    }

    /// What stands on the loop's thread.
    private final class CurlWorker {
        private let multi: UnsafeMutableRawPointer
        private let options: CurlOptions
        private var transfers: [Int: CurlTransfer] = [:]
        private var ids: [UnsafeMutableRawPointer: Int] = [:]

        init(_ multi: CurlMulti, _ options: CurlOptions) {
            self.multi = multi.handle
            self.options = options
        }

        func work(for loop: CurlLoop) {
            while true {
                let (orders, isClosing) = loop.take()
                for order in orders { follow(order) }
                var running: Int32 = 0
                curl_multi_perform(multi, &running)
                var result = CURLE_OK
                while let easy = ccurl_ended(multi, &result) {
                    if let id = ids[easy] { remove(id)?.end(result) }
                }
                if isClosing, transfers.isEmpty { return }
                // Somebody wakes it, or something comes, or a limit of curl runs out.
                curl_multi_poll(multi, nil, 0, 3_600_000, nil)
            }
        }

        private func follow(_ order: CurlLoop.Order) {
            switch order {
            case .start(let id, let request):
                guard let transfer = CurlTransfer(request, options) else { return }
                curl_multi_add_handle(multi, transfer.easy)
                transfers[id] = transfer
                ids[transfer.easy] = id
            case .resume(let id): if let transfer = transfers[id] { ccurl_resume(transfer.easy) }
            case .stop(let id): remove(id)
            }
        }

        @discardableResult private func remove(_ id: Int) -> CurlTransfer? {
            guard let transfer = transfers.removeValue(forKey: id) else { return nil }
            ids[transfer.easy] = nil
            curl_multi_remove_handle(multi, transfer.easy)
            return transfer
        }
    }
#endif
