using System.Net;
using System.Net.Mail;
using Microsoft.AspNetCore.Identity;

namespace MassMessaging.Profiles.SignIn;

/// <summary>Where mail goes out: <c>smtp://user:password@host:587</c> (<c>smtps</c> for TLS) and who it is from.</summary>
public sealed record MailSettings(Uri Smtp, string From);

/// <summary>Sends Identity's mails, or none when mail is off. A mail that cannot be sent never fails the request that caused it.</summary>
public sealed class MailSender(ILogger<MailSender> log, MailSettings? settings = null) : IEmailSender<Account>
{
    private const int DefaultPort = 25;

    public Task SendConfirmationLinkAsync(Account user, string email, string confirmationLink) =>
        Send(email, "Confirma tu correo", $"Para confirmar tu correo abre este enlace: {WebUtility.HtmlDecode(confirmationLink)}");

    public Task SendPasswordResetLinkAsync(Account user, string email, string resetLink) =>
        Send(email, "Cambia tu contraseña", $"Para cambiar tu contraseña abre este enlace: {WebUtility.HtmlDecode(resetLink)}");

    public Task SendPasswordResetCodeAsync(Account user, string email, string resetCode) =>
        Send(email, "Cambia tu contraseña", $"Tu código para cambiar la contraseña: {WebUtility.HtmlDecode(resetCode)}");

    /// <summary>Nobody waits for it: how long an answer takes must not tell whether there was somebody to write to.</summary>
    private Task Send(string to, string subject, string text)
    {
        if (settings is { } mail) _ = Task.Run(() => Deliver(mail, to, subject, text));
        return Task.CompletedTask;
    }

    private async Task Deliver(MailSettings settings, string to, string subject, string text)
    {
        try
        {
            using var smtp = Connect(settings.Smtp);
            using var mail = new MailMessage(settings.From, to, subject, text);
            await smtp.SendMailAsync(mail);
        }
        catch (Exception failed) when (failed is SmtpException or FormatException or InvalidOperationException)
        {
            log.LogWarning("A mail could not be sent: {Error}", failed.GetType().Name); // its message may hold the address
        }
    }

    private static SmtpClient Connect(Uri url)
    {
        var port = url.Port < 0 ? DefaultPort : url.Port;
        var smtp = new SmtpClient(url.Host, port) { EnableSsl = url.Scheme == "smtps" };
        if (url.UserInfo.Split(':', 2) is [var user, var password])
            smtp.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
        return smtp;
    }
}
