using System.Data.Common;
using System.Text.Json;

namespace MassMessaging.Surveys;

/// <summary>A visitor's answers as the advisor reads them.</summary>
/// <param name="VisitorPhone">As the visitor wrote it.</param>
/// <param name="Answers">Whatever the form asked: an object.</param>
/// <param name="ClientId">The client that was made from it.</param>
public sealed record SurveyRow(
    Guid Id, Guid ProfileId, string VisitorName, string? VisitorPhone, string? VisitorEmail, JsonElement Answers, Guid? ClientId,
    DateTimeOffset CreatedAt)
{
    public const int LongestPhone = 40;

    public const string Columns = "id, profile_id, visitor_name, visitor_phone, visitor_email, answers, client_id, created_at";

    public static SurveyRow Read(DbDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
        row.IsDBNull(4) ? null : row.GetString(4), JsonElement.Parse(row.GetString(5)), row.IsDBNull(6) ? null : row.GetGuid(6),
        row.GetFieldValue<DateTimeOffset>(7));
}
