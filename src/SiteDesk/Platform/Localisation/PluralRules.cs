namespace SiteDesk.Platform.Localisation;

/// <summary>Cardinal plural categories of CLDR 44 for the languages we speak.</summary>
public static class PluralRules
{
    /// <returns><c>one</c>, <c>few</c>, <c>many</c> or <c>other</c>.</returns>
    public static string CategoryOf(string language, decimal number)
    {
        var absolute = Math.Abs(number);
        var isWhole = absolute == decimal.Truncate(absolute);
        return language switch
        {
            Languages.Russian => isWhole ? RussianWhole((long)(absolute % 100)) : "other",
            Languages.Chinese => "other",
            _ => absolute == 1 && isWhole ? "one" : "other",
        };
    }

    private static string RussianWhole(long lastTwo)
    {
        var last = lastTwo % 10;
        if (last == 1 && lastTwo != 11)
            return "one";
        return last is >= 2 and <= 4 && lastTwo is not (>= 12 and <= 14) ? "few" : "many";
    }
}
