using System.Globalization;
using System.Text;

namespace MassMessaging.EmbeddedPostgres;

public static class ServerSettings
{
    /// <summary>The text of server.conf: what the product needs, then what the caller wants.</summary>
    public static string Lines(int port, PostgresServerOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["max_connections"] = "200",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["jit"] = "off", // compiling costs more than it saves on short statements
        };
        if (!options.Durable)
            foreach (var name in (string[])["fsync", "full_page_writes"]) settings[name] = "off";
        foreach (var (name, value) in options.Settings) settings[name] = value;

        return settings.Aggregate(new StringBuilder(), (text, setting) =>
            text.Append(setting.Key).Append(" = '").Append(setting.Value.Replace("'", "''", StringComparison.Ordinal)).Append("'\n")).ToString();
    }
}
