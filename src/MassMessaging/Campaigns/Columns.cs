using System.Data.Common;

namespace MassMessaging.Campaigns;

/// <summary>Reads a row's columns by name; null stays null.</summary>
public static class Columns
{
    public static string Text(this DbDataReader row, string column) => row.GetString(row.GetOrdinal(column));

    public static string? TextOrNull(this DbDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.Text(column);

    public static Guid Id(this DbDataReader row, string column) => row.GetGuid(row.GetOrdinal(column));

    public static Guid? IdOrNull(this DbDataReader row, string column) => row.IsDBNull(row.GetOrdinal(column)) ? null : row.Id(column);

    public static long Whole(this DbDataReader row, string column) => row.GetInt64(row.GetOrdinal(column));

    public static long? WholeOrNull(this DbDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.Whole(column);

    public static DateTimeOffset Time(this DbDataReader row, string column) => row.GetFieldValue<DateTimeOffset>(row.GetOrdinal(column));

    public static DateTimeOffset? TimeOrNull(this DbDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.Time(column);
}
