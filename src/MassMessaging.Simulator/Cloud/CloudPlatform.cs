using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary>
/// Everything that Meta's side holds in memory: accounts, numbers, templates. Shares ledger, faults and agenda with the gateway.
/// </summary>
public sealed class CloudPlatform : IDisposable
{
    public const string DemoPhoneNumberId = "106540352242922";
    public const string DemoWabaId = "102290129340398";
    public const string DemoAccessToken = "simulator-token";
    public const string DemoAppSecret = "simulator-app-secret";
    private const string DemoPhone = "5491155550000";

    public CloudPlatform(Gateway gateway, Outstanding outstanding)
    {
        Gateway = gateway;
        Webhooks = new CloudWebhooks(this, outstanding);
        Add(new CloudNumberOptions(DemoPhoneNumberId, DemoWabaId, DemoAccessToken, DemoAppSecret, DemoPhone));
    }

    public ConcurrentDictionary<string, CloudNumber> Numbers { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, CloudAccount> Accounts { get; } = new(StringComparer.Ordinal);

    internal Gateway Gateway { get; }

    internal CloudWebhooks Webhooks { get; }

    internal CloudOptions Options => Gateway.Options.Cloud;

    /// <summary>Of an account that is known, the token and the secret stay as they are.</summary>
    public CloudNumber Add(CloudNumberOptions options)
    {
        var account = Accounts.GetOrAdd(options.WabaId ?? Digits(15), id => NewAccount(id, options));
        if (options.WebhookUrl is not null) account.Callback = options.WebhookUrl;
        var number = new CloudNumber(
            options.PhoneNumberId ?? Digits(15), account, options.Phone ?? $"54911{Digits(8)}", Options, Gateway.Clock);
        return Numbers[number.Id] = number;
    }

    public CloudTemplate AddTemplate(
        string wabaId, string name, string language, string body, string status = "APPROVED", string category = "MARKETING")
    {
        var template = new CloudTemplate(Digits(16), name, language, category, status, body);
        return Accounts[wabaId].Templates[(name, language)] = template;
    }

    /// <summary>A person writes to the number: this opens the window.</summary>
    /// <returns>The message's id.</returns>
    public string Receive(CloudIncoming incoming) => CloudReceive.Message(this, incoming);

    /// <summary>A person turns off the advisor's marketing in WhatsApp itself, or on again.</summary>
    public void Prefer(string phoneNumberId, string from, bool stops) => CloudNews.Prefer(this, Numbers[phoneNumberId], from, stops);

    /// <summary>Meta restricts the account, or takes that back: told by webhook, and sends are refused until then.</summary>
    public void Restrict(CloudAccount account, bool restricts) => CloudNews.Restrict(this, account, restricts);

    public void Dispose() => Webhooks.Dispose();

    internal static string Digits(int length) => string.Create(length, 0, static (digits, _) =>
    {
        for (var at = 0; at < digits.Length; at++) digits[at] = (char)('0' + RandomNumberGenerator.GetInt32(at == 0 ? 1 : 0, 10));
    });

    /// <summary>Meta's own spelling of a number: Argentina with the 9, Mexico with the 1, Brazil often without the ninth digit.</summary>
    internal static string WaId(string digits) => digits switch
    {
        { Length: 12 } when digits.StartsWith("54", StringComparison.Ordinal) => $"549{digits[2..]}",
        { Length: 12 } when digits.StartsWith("52", StringComparison.Ordinal) => $"521{digits[2..]}",
        { Length: 13 } when digits.StartsWith("55", StringComparison.Ordinal) && Area(digits) >= 31 => digits[..4] + digits[5..],
        _ => digits,
    };

    private static int Area(string digits) => int.Parse(digits.AsSpan(2, 2), CultureInfo.InvariantCulture);

    private static CloudAccount NewAccount(string id, CloudNumberOptions options)
    {
        var account = new CloudAccount(
            id, options.AccessToken ?? $"EAA{Convert.ToHexString(RandomNumberGenerator.GetBytes(24))}",
            options.AppSecret ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        Add("hello_world", "en_US", "UTILITY", "Welcome and congratulations! This message demonstrates your ability to send a message.");
        Add("saludo", "es_AR", "MARKETING", "Hola {{1}}, soy {{2}}. Tengo novedades que te pueden interesar. ¿Te cuento?");
        return account;

        void Add(string name, string language, string category, string body) =>
            account.Templates[(name, language)] = new CloudTemplate(Digits(16), name, language, category, "APPROVED", body);
    }
}
