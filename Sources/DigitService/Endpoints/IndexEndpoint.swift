import HTTPServing
import ModelSelection

/// `GET /`: a short text that says what is here.
struct IndexEndpoint: Sendable {
    private static let body = ConstantBody(
        """
        digitd \(DigitdVersion.current): classifies handwritten digits of 16 x 16 pixels.

          POST /predict                       one bitmap or many; ?model= chooses a model
          GET  /models                        the models in service, with their accuracy
          GET  /models/{name}                 one of them: parameters, provenance
          GET  /models/{name}/versions/{v}    one version of it
          GET  /models/{name}/report          the cross-validation report of the search that chose it
          GET  /healthz, /readyz              whether the server lives, and whether it wants requests

        Try 64 hexadecimal digits, four for a row of pixels, top row first:

          curl -d 07c01ff03c38701860006000300018001e000f00038001c000c000c001801f80 http://HOST:PORT/predict

        Also: 256 zeros and ones, a Semeion row, JSON ({"bitmap": "..."}, {"bitmaps": ["..."]}, {"pixels": [...]}),
        packed bytes (application/octet-stream) and portable bitmaps (image/x-portable-bitmap).
        "Accept: text/plain" answers with the digit alone.

        """)
    private static let headers: HTTPHeaders = ["Content-Type": "text/plain; charset=utf-8"]

    func respond(to request: borrowing HTTPRequest) -> HTTPResponse {
        HTTPResponse(headers: IndexEndpoint.headers, body: .constant(IndexEndpoint.body))
    }
}
