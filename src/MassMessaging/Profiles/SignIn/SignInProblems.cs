using MassMessaging.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace MassMessaging.Profiles.SignIn;

/// <summary>Gives Identity's own answers the stable codes that every other answer has.</summary>
internal static class SignInProblems
{
    public static object? WithCode(object? result) => result switch
    {
        INestedHttpResult nested => WithCode(nested.Result),
        ValidationProblem invalid => OfValidation(invalid.ProblemDetails.Errors),
        ProblemHttpResult { StatusCode: StatusCodes.Status401Unauthorized } refused => OfSignIn(refused.ProblemDetails.Detail),
        UnauthorizedHttpResult => Problems.OfStatus(StatusCodes.Status401Unauthorized),
        _ => result,
    };

    private static Problem OfSignIn(string? outcome) => outcome switch
    {
        nameof(SignInResult.LockedOut) or "Lockedout" => new(401, "locked-out", "Too many failed sign-ins: wait a few minutes."),
        nameof(SignInResult.RequiresTwoFactor) => new(401, "two-factor-required", "This account asks for a two-factor code as well."),
        _ => new(401, "sign-in-failed", "E-mail and password do not belong together."),
    };

    private static Problem OfValidation(IDictionary<string, string[]> errors)
    {
        var wrong = new WrongFields();
        foreach (var (identityCode, messages) in errors)
        {
            var (field, code, ours) = Place(identityCode);
            foreach (var message in messages) wrong.Add(field, ours ?? Continued(message), code);
        }

        return wrong.ToProblem();
    }

    /// <summary>Identity's sentence as what follows a field's name.</summary>
    private static string Continued(string message) => message.TrimEnd('.').Replace("Passwords must", "must", StringComparison.Ordinal);

    private static (string Field, string Code, string? Message) Place(string identityCode) => identityCode switch
    {
        nameof(IdentityErrorDescriber.PasswordMismatch) => ("oldPassword", "sign-in-failed", "is not the password"),
        "OldPasswordRequired" => ("oldPassword", "validation-failed", "is required"),
        _ when identityCode.StartsWith("Password", StringComparison.Ordinal) => ("password", "password-too-weak", null),
        nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName) =>
            ("email", "email-taken", "is taken"),
        nameof(IdentityErrorDescriber.InvalidEmail) or nameof(IdentityErrorDescriber.InvalidUserName) =>
            ("email", "email-invalid", "must be an e-mail address"),
        nameof(IdentityErrorDescriber.InvalidToken) => ("resetCode", "token-invalid", "is wrong or too old"),
        "InvalidTwoFactorCode" => ("twoFactorCode", "token-invalid", "is wrong or too old"),
        _ => ("request", "validation-failed", null),
    };
}
