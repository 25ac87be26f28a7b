using MassMessaging.Http;

namespace MassMessaging.Profiles.SignIn;

/// <summary>
/// Identity's endpoints bind their bodies themselves: a missing password is a JSON error to them, a null one a fault. So the fields are
/// checked before, and the body is handed on.
/// </summary>
internal static class SignInBodies
{
    private const int MaxText = 256;
    private const int MaxToken = 8192;

    private static readonly Dictionary<string, (string Field, int Max, bool Required)[]> Shapes = new(StringComparer.Ordinal)
    {
        ["/register"] = [("email", MaxText, true), ("password", MaxText, true)],
        ["/login"] =
        [
            ("email", MaxText, true), ("password", MaxText, true),
            ("twoFactorCode", MaxText, false), ("twoFactorRecoveryCode", MaxText, false),
        ],
        ["/refresh"] = [("refreshToken", MaxToken, true)],
        ["/forgotPassword"] = [("email", MaxText, true)],
        ["/resendConfirmationEmail"] = [("email", MaxText, true)],
        ["/resetPassword"] = [("email", MaxText, true), ("resetCode", MaxToken, true), ("newPassword", MaxText, true)],
        ["/manage/info"] = [("newEmail", MaxText, false), ("newPassword", MaxText, false), ("oldPassword", MaxText, false)],
        ["/manage/2fa"] = [("twoFactorCode", MaxText, false)],
    };

    /// <param name="route">Behind <c>/api/auth</c>.</param>
    /// <param name="context">A request whose body Identity will read next.</param>
    public static async Task Check(string route, HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !Shapes.TryGetValue(route, out var shape)) return;

        context.Request.EnableBuffering();
        var body = await JsonBody.Read(context);
        foreach (var (field, max, required) in shape) body.Text(field, max, required);
        if (route == "/manage/2fa") Flags(body);
        if (route == "/login") Choices(context.Request.Query, body);
        body.ThrowIfWrong();

        context.Request.Body.Position = 0;
        context.Request.ContentType = "application/json"; // as it is: a charset in quotes says the same, and is a fault to Identity
    }

    /// <summary>Identity refuses them without a word.</summary>
    private static void Choices(IQueryCollection query, Fields body)
    {
        foreach (var name in (string[])["useCookies", "useSessionCookies"])
            if (query.TryGetValue(name, out var values) && !bool.TryParse(values, out _)) body.Wrong(name, "must be true or false");
    }

    private static void Flags(Fields body)
    {
        foreach (var field in (string[])["enable", "resetSharedKey", "resetRecoveryCodes", "forgetMachine"]) body.Flag(field);
    }
}
