from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group, User

from .people import PersonAdmin, RoleAdmin

for model in (EmailAddress, Authenticator, User, Group):  # an account shows what matters of the first two
    admin.site.unregister(model)
admin.site.register(User, PersonAdmin)
admin.site.register(Group, RoleAdmin)
