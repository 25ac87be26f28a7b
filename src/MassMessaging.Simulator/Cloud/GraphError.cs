using System.Collections.Frozen;
using System.Globalization;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary>Meta's errors: the HTTP status, the title and the details that each code comes with.</summary>
public static class GraphError
{
    private static readonly FrozenDictionary<int, (int Status, string Title, string Details)> Known =
        new Dictionary<int, (int, string, string)>
        {
            [0] = (401, "AuthException", "We were unable to authenticate the app user."),
            [1] = (500, "API Unknown", "An unknown error occurred."),
            [2] = (503, "API Service", "Temporary due to downtime or due to being overloaded."),
            [3] = (500, "API Method", "Capability or permissions issue."),
            [4] = (400, "API Too Many Calls", "The app has reached its API call rate limit."),
            [10] = (403, "Permission Denied", "Permission is either not granted or has been removed."),
            [33] = (400, "Parameter value is not valid", "The business phone number has been deleted."),
            [100] = (400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."),
            [190] = (401, "Access token has expired", "Error validating access token: the session has been invalidated."),
            [200] = (403, "API Permission", "Permission is either not granted or has been removed."),
            [368] = (403, "Temporarily blocked for policies violations", "The account has been restricted for violating a platform policy."),
            [80007] = (400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
            [130429] = (
                400, "Rate limit hit",
                "Message failed to send because there were too many messages sent from this phone number in a short period of time."),
            [130472] = (400, "User's number is part of an experiment", "Message was not sent as part of an experiment."),
            [130497] = (403, "Business account is restricted from messaging users in this country.", "The account cannot message this country."),
            [131000] = (500, "Something went wrong", "Message failed to send due to an unknown error."),
            [131005] = (403, "Access denied", "Permission is either not granted or has been removed."),
            [131008] = (400, "Required parameter is missing", "The request is missing a required parameter."),
            [131009] = (400, "Parameter value is not valid", "One or more parameter values are invalid."),
            [131016] = (500, "Service unavailable", "A service is temporarily unavailable."),
            [131021] = (400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
            [131026] = (400, "Message undeliverable", "Unable to deliver message."),
            [131030] = (400, "Recipient phone number not in allowed list", "Add recipient phone number to recipient list and try again."),
            [131031] = (403, "Account has been locked", "The account has been restricted or disabled for violating a platform policy."),
            [131037] = (400, "Display name approval needed", "The number needs display name approval before messages can be sent."),
            [131042] = (400, "Business eligibility payment issue", "There was an error related to your payment method."),
            [131045] = (500, "Incorrect certificate", "Message failed to send due to a phone number registration error."),
            [131047] = (
                400, "Re-engagement message",
                "Message failed to send because more than 24 hours have passed since the customer last replied to this number."),
            [131048] = (400, "Spam rate limit hit", "There are restrictions on how many messages can be sent from this phone number."),
            [131049] = (
                400, "This message was not delivered to maintain healthy ecosystem engagement.",
                "In order to maintain a healthy ecosystem engagement, the message failed to be delivered."),
            [131050] = (400, "User has stopped marketing messages", "The recipient chose not to receive marketing messages from this business."),
            [131051] = (400, "Unsupported message type", "Message type is not currently supported."),
            [131052] = (400, "Media download error", "Unable to download the media sent by the user."),
            [131053] = (400, "Media upload error", "Unable to upload the media used in the message."),
            [131056] = (
                400, "(Business Account, Consumer Account) pair rate limit hit",
                "Message failed to send because there were too many messages sent from this phone number to the same phone number in a "
                + "short period of time."),
            [131057] = (500, "Account in maintenance mode", "Business account is in maintenance mode."),
            [132000] = (400, "Number of parameters does not match the expected number of params", "The number of variables does not match."),
            [132001] = (404, "Template name does not exist in the translation", "The template does not exist in the specified language."),
            [132005] = (400, "Translated text too long", "Translated text is too long."),
            [132007] = (400, "Template format character policy violated", "Template content violates a policy."),
            [132012] = (400, "Parameter format does not match format in the created template", "Variable values are formatted incorrectly."),
            [132015] = (400, "Template is Paused", "Template is paused due to low quality so it cannot be sent in a template message."),
            [132016] = (400, "Template is Disabled", "Template has been paused too many times due to low quality and is disabled."),
            [132018] = (
                400, "There was a validation error for the template parameters",
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"),
            [133010] = (400, "Account not registered", "Phone number is not registered on the WhatsApp Business Platform."),
            [133016] = (400, "Account register deregister rate limit exceeded", "Registration or deregistration failed: too many attempts."),
            [135000] = (400, "Generic user error", "Message failed to send because of an unknown error with the request parameters."),
        }.ToFrozenDictionary();

    public static IEnumerable<int> Codes => Known.Keys.Order();

    public static string Title(int code) => Known.TryGetValue(code, out var known) ? known.Title : "Unknown";

    public static string Details(int code) => Known.TryGetValue(code, out var known) ? known.Details : "Nobody knows.";

    /// <summary>The answer to a call.</summary>
    /// <param name="message">The whole text instead of `(#code) title`.</param>
    internal static Reply Reply(int code, string? details = null, string? message = null, int? subcode = null, int? status = null) =>
        Evolution.Reply.Json(status ?? (Known.TryGetValue(code, out var known) ? known.Status : 400), json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", message ?? string.Create(CultureInfo.InvariantCulture, $"(#{code}) {Title(code)}"));
            json.WriteString("type", subcode == 33 ? "GraphMethodException" : "OAuthException");
            json.WriteNumber("code", code);
            if (message is null)
            {
                json.WriteStartObject("error_data");
                json.WriteString("messaging_product", "whatsapp");
                json.WriteString("details", details ?? Details(code));
                json.WriteEndObject();
            }

            if (subcode is { } sub) json.WriteNumber("error_subcode", sub);
            json.WriteString("fbtrace_id", "AzS1mUlAt3dTrAcE");
            json.WriteEndObject();
            json.WriteEndObject();
        });

    internal static Reply NoObject(string method, string id) => Reply(
        100, subcode: 33,
        message: $"Unsupported {method.ToLowerInvariant()} request. Object with ID '{id}' does not exist, cannot be loaded due to missing "
            + "permissions, or does not support this operation");

    internal static Reply NoToken() => Reply(104, message: "An access token is required to request this resource.", status: 401);

    internal static Reply BadToken() => Reply(190, message: "Invalid OAuth access token - Cannot parse access token", status: 401);

    internal static Reply ExpiredToken() => Reply(
        190, subcode: 463, status: 401, message: "Error validating access token: Session has expired on Sunday, 22-Nov-26 02:00:00 PST.");

    internal static Reply Missing(string parameter) => Reply(100, message: $"(#100) The parameter {parameter} is required.");
}
