using SiteDesk.Customers;

namespace SiteDesk.Tests.Customers;

/// <summary>How numbers and names are understood and written.</summary>
public sealed class ContactWritingTests
{
    [Theory]
    [InlineData("8 (912) 345-67-89", null, "+79123456789", "+7 912 345-67-89")]
    [InlineData("9123456789", "RU", "+79123456789", "+7 912 345-67-89")]
    [InlineData("138 0013 8000", null, "+8613800138000", "+86 138 0013 8000")]
    [InlineData("010-8888 8888", "CN", "+861088888888", "+86 10 8888 8888")]
    [InlineData("+86 755 8888 8888", null, "+8675588888888", "+86 755 8888 8888")]
    [InlineData("+442079460958", null, "+442079460958", "+44 20 7946 0958")]
    [InlineData("+447700900123", null, "+447700900123", "+44 7700 900123")]
    [InlineData("+441632960123", null, "+441632960123", "+44 1632 960123")]
    [InlineData("+441214960123", null, "+441214960123", "+44 121 496 0123")]
    [InlineData("+12125550123", null, "+12125550123", "+1 212 555 0123")]
    [InlineData("+493012345678", null, "+493012345678", "+49 30 1234 5678")]
    [InlineData("+4915123456789", null, "+4915123456789", "+49 151 2345 6789")]
    [InlineData("+492211234567", null, "+492211234567", "+49 221 1234567")]
    [InlineData("+33142345678", null, "+33142345678", "+33 1 42 34 56 78")]
    [InlineData("+375291234567", null, "+375291234567", "+375 29 123 45 67")]
    [InlineData("+420601123456", null, "+420601123456", "+420 601 123 456")]
    [InlineData("+44 (0)20 7946 0958", null, "+442079460958", "+44 20 7946 0958")]
    [InlineData("+8 (912) 345-67-89", null, "+79123456789", "+7 912 345-67-89")]
    [InlineData("＋８６ １３８ ００１３ ８０００", null, "+8613800138000", "+86 138 0013 8000")]
    [InlineData("0044 20 7946 0958", null, "+442079460958", "+44 20 7946 0958")]
    public void A_number_is_understood_as_it_is_written_and_grouped_as_its_country_does(string written, string? country, string value, string shown)
    {
        var contact = ContactAddress.ParsePhone(written, country).ShouldNotBeNull();
        contact.Value.ShouldBe(value);
        contact.Shown.ShouldBe(shown);
        ContactAddress.ParsePhone(contact.Shown)!.Value.ShouldBe(value, "what is shown is understood again");
    }

    [Fact]
    public void Every_number_keeps_its_digits_and_leaves_no_single_one_at_the_end()
    {
        const int seed = 20;
        var chance = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var digits = $"{chance.Next(1, 10)}" + string.Concat(Enumerable.Range(0, chance.Next(7, 15)).Select(_ => chance.Next(10)));
            var shown = PhoneGrouping.Of(digits);
            string.Concat(shown.Where(char.IsAsciiDigit)).ShouldBe(digits, $"seed {seed}");
            shown.ShouldStartWith("+");
            shown.ShouldNotContain("  ");
            shown.ShouldNotEndWith(" ");
            shown.Split(' ', '-')[^1].Length.ShouldBeGreaterThan(1, $"{shown}, seed {seed}");
        }
    }

    [Theory]
    [InlineData("王 伟", "zh-Hans", "王伟", "王伟")]
    [InlineData("  Соколова   Анна Игоревна ", "ru", "Соколова Анна Игоревна", "Анна Игоревна")]
    [InlineData("Анна Игоревна Соколова", "ru", "Анна Игоревна Соколова", "Анна Игоревна")]
    [InlineData("Соколова, Анна Игоревна", null, "Соколова Анна Игоревна", "Анна Игоревна")]
    [InlineData("Анна Соколова", "ru", "Анна Соколова", "Анна Соколова")]
    [InlineData("Lopez, Maria", "en", "Maria Lopez", "Maria")]
    [InlineData("Maria Lopez", "en", "Maria Lopez", "Maria")]
    [InlineData("Cher", "en", "Cher", "Cher")]
    [InlineData("", null, "", "")]
    public void A_name_keeps_the_order_of_its_language(string written, string? language, string kept, string addressed)
    {
        PersonName.Tidy(written, language).ShouldBe(kept);
        PersonName.AddressFor(kept, language).ShouldBe(addressed);
    }
}
