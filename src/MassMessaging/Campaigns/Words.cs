using System.Text.Json;

namespace MassMessaging.Campaigns;

/// <summary>States as the API and the views spell them: lower case, snake_case.</summary>
public static class Words
{
    public static string Word(this CampaignStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    public static string Word(this MemberStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    /// <exception cref="ArgumentException">No such word.</exception>
    public static T Parse<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
