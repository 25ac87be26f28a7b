using System.Data.Common;
using System.Text.Json;
using MassMessaging.Http;

namespace MassMessaging.Templates;

/// <summary>A template as every route answers it.</summary>
/// <param name="Variables">Derived from the content, with braces, without repeats.</param>
public sealed record TemplateRow(
    Guid Id, Guid ProfileId, string Name, string Content, string? Objective, IReadOnlyList<string> Variables, MetaTemplate? MetaTemplate,
    int UsageCount, DateTimeOffset? LastUsedAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public const string Columns =
        "id, profile_id, name, content, objective, meta_template, usage_count, last_used_at, created_at, updated_at";

    public static TemplateRow Read(DbDataReader row)
    {
        var content = row.GetString(3);
        return new(
            row.GetGuid(0), row.GetGuid(1), row.GetString(2), content, row.IsDBNull(4) ? null : row.GetString(4),
            MessageText.Variables(content), row.IsDBNull(5) ? null : MetaTemplate.FromJson(row.GetString(5)), row.GetInt32(6),
            row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8),
            row.GetFieldValue<DateTimeOffset>(9));
    }
}

/// <summary>A template approved by Meta, for clients outside the 24 h window.</summary>
/// <param name="Language">As Meta writes it: <c>es_AR</c>.</param>
/// <param name="Parameters">Of the body, in order; each may hold variables.</param>
public sealed record MetaTemplate(string Name, string Language, IReadOnlyList<string> Parameters)
{
    public static MetaTemplate FromJson(string json) => JsonSerializer.Deserialize<MetaTemplate>(json, JsonConventions.Options)!;

    public string ToJson() => JsonSerializer.Serialize(this, JsonConventions.Options);
}
