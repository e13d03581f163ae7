import HTTPServing
import ModelSelection

/// `GET /`: a short text that says what is here.
struct IndexEndpoint: Sendable {
    func respond(to request: borrowing HTTPRequest) -> HTTPResponse {
        .text(IndexEndpoint.text(host: IndexEndpoint.host(of: request)))
    }

    /// Where the client found this server, so that the example can be pasted; only characters of addresses are repeated to it.
    private static func host(of request: borrowing HTTPRequest) -> String {
        guard let host = request.header("Host"), !host.isEmpty, host.utf8.allSatisfy(isAddressCharacter) else { return "HOST:PORT" }
        return host
    }

    private static func isAddressCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"): true
        default: false
        }
    }

    private static func text(host: String) -> String {
        """
        digitd \(DigitdVersion.current): classifies handwritten digits of 16 x 16 pixels.

          POST /predict                       one bitmap or many; ?model= chooses a model
          GET  /models                        the models in service, with their accuracy
          GET  /models/{name}                 one of them: parameters, provenance
          GET  /models/{name}/versions/{v}    one version of it
          GET  /models/{name}/report          the cross-validation report of the search that chose it
          POST /models/{name}/versions/{v}/activate   put that version into service; also the way back
          POST /models/{name}/withdraw        take out of service what digitd does not bring along
          GET  /models/default                what answers where a request names no model; PUT pins one
          GET  /models/audit                  every change of the models
          POST /experiments                   queue a grid search; GET lists them
          GET  /experiments/{id}              how far it is; /events, /report; POST /cancel, /retry; DELETE when finished
          GET  /datasets                      data sets to search on; PUT /datasets/{name} uploads one, DELETE removes it
          POST /feedback                      a bitmap with its true digit, for the next training; GET lists them; DELETE /feedback/{id}
          GET  /healthz, /readyz              whether the server lives, and whether it wants requests

        Try 64 hexadecimal digits, four for a row of pixels, top row first:

          curl -d fff83ffe000c001c0018003800ff0ff0006000c000c001800380030007000600 http://\(host)/predict

        Also: 256 zeros and ones, a Semeion row, JSON ({"bitmap": "..."}, {"bitmaps": ["..."]}, {"pixels": [...]}),
        packed bytes (application/octet-stream) and portable bitmaps (image/x-portable-bitmap).
        "Accept: text/plain" answers with the digit alone.

        A grid search in the background, on Semeion, of a few candidates of every classifier:

          curl -d '{"preset": "quick"}' http://\(host)/experiments

        """
    }
}
