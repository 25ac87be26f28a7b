using System.Globalization;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.OpenAi;

/// <summary>OpenAI's errors: <c>{"error":{message,type,param,code}}</c>.</summary>
internal static class OpenAiError
{
    public static Reply Of(int status, string message, string type, string? code = null, string? param = null) => Reply.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", type);
        json.WriteString("param", param);
        json.WriteString("code", code);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static Reply Invalid(string message, string? param = null, string? code = null) =>
        Of(400, message, "invalid_request_error", code, param);

    public static Reply NoKey() => Of(
        401, "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.",
        "invalid_request_error");

    public static Reply WrongKey() => Of(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key");

    /// <summary>Null for an answer that is no error.</summary>
    public static Reply? For(ModelAnswer answer)
    {
        var retryAfter = answer.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return answer.Kind switch
        {
            ModelAnswerKind.TooMany => Of(
                429, answer.Text ?? "Rate limit reached for requests. Please try again later.", "requests", "rate_limit_exceeded") with
            {
                RetryAfter = retryAfter,
            },
            ModelAnswerKind.QuotaSpent => Of(
                429, answer.Text ?? "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota",
                "insufficient_quota"),
            ModelAnswerKind.Unauthorized => WrongKey(),
            ModelAnswerKind.BadRequest => Invalid(answer.Text ?? "Invalid value.", "messages", "invalid_value"),
            ModelAnswerKind.PolicyRejected => Invalid(
                answer.Text ?? "Your request was rejected as a result of our safety system.", code: "content_policy_violation"),
            ModelAnswerKind.ServerError => Of(
                500, answer.Text ?? "The server had an error while processing your request. Sorry about that!", "server_error"),
            ModelAnswerKind.BadGateway => new Reply(502, "<html><body><h1>502 Bad Gateway</h1></body></html>"u8.ToArray(), "text/html"),
            ModelAnswerKind.Overloaded => Of(
                503, answer.Text ?? "The engine is currently overloaded, please try again later.", "server_error", "overloaded") with
            {
                RetryAfter = retryAfter,
            },
            _ => null,
        };
    }
}
